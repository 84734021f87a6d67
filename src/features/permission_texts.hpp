// What is said of permissions and ranks that are missing.
#pragma once

#include "features/text.hpp"

namespace guildfleet::features::permission_texts {

inline constexpr text unknown_role{"The role {role} does not exist any more. Choose another one.",
                                   "ロール {role} は存在しません。別のロールを選んでください。"};
inline constexpr text everyone_role{"Everybody has the role {role}. Choose another one.",
                                    "ロール {role} は全員が持っています。別のロールを選んでください。"};
inline constexpr text managed_role{
    "The role {role} belongs to an app, to boosts or to a subscription, and only Discord gives it. Choose "
    "another one.",
    "ロール {role} はアプリ、ブースト、またはサブスクリプションに属し、Discord "
    "だけが付与できます。別のロールを選んでください。"};
inline constexpr text bot_may_not{
    "The bot cannot give or take {role}: it lacks the permission Manage Roles. Give it to the bot's role.",
    "ボットに「ロールの管理」権限がないため、{role} "
    "を付け外しできません。ボットのロールに権限を与えてください。"};
inline constexpr text above_bot{
    "The bot cannot give or take {role}: that role is not below the bot's own highest role. Move the bot's "
    "role above it in the server's settings.",
    "{role} はボットの最上位のロールより下にないため、付け外しできません。サーバー設定でボットのロールを "
    "上に移動してください。"};
inline constexpr text member_may_not{"To set up {role} you need the permission Manage Roles.",
                                     "{role} を設定するには「ロールの管理」権限が必要です。"};
inline constexpr text above_member{"You cannot set up {role}: that role is not below your own highest role.",
                                   "{role} はあなたの最上位のロールより下にないため、設定できません。"};

inline constexpr text unknown_channel{"The channel {channel} does not exist, or the bot cannot see it.",
                                      "チャンネル {channel} が存在しないか、ボットから見えません。"};
inline constexpr text no_place{
    "{channel} holds no messages of its own. Choose a text channel.",
    "{channel} にはメッセージを投稿できません。テキストチャンネルを選んでください。"};
inline constexpr text you_cannot_post{"You cannot post in {channel} yourself. Choose another channel.",
                                      "あなたは {channel} "
                                      "に投稿できません。別のチャンネルを選んでください。"};
inline constexpr text cannot_send{"The bot cannot post in {channel}. It lacks there: {permissions}.",
                                  "ボットは {channel} に投稿できません。不足している権限: {permissions}"};

}  // namespace guildfleet::features::permission_texts
