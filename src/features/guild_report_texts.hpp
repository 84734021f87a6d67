// What a server's error channel is told, and what to do about it.
#pragma once

#include "features/text.hpp"

namespace guildfleet::features::guild_report_texts {

inline constexpr text heading{"**{feature}** cannot do its work here.", "**{feature}** が動作できません。"};
inline constexpr text in_channel{"Channel: {channel}", "チャンネル: {channel}"};
inline constexpr text of_role{"Role: {role}", "ロール: {role}"};
inline constexpr text missing{"Missing: {permissions}", "不足している権限: {permissions}"};
inline constexpr text detail{"Detail: {detail}", "詳細: {detail}"};
inline constexpr text only_hourly{"This is reported once an hour at most.",
                                  "この報告は同じ原因につき1時間に1回までです。"};

inline constexpr text lacks_permission{
    "The bot lacks a permission. Give it to the bot's role, or in the channel's settings.",
    "ボットの権限が不足しています。ボットのロールまたはチャンネルの設定で権限を与えてください。"};
inline constexpr text channel_gone{
    "A channel or category that it uses was deleted. Choose another one, or switch the feature off.",
    "使用中のチャンネルまたはカテゴリーが削除されました。別のものを設定するか、機能を無効にしてください。"};
inline constexpr text role_gone{
    "A role that it uses was deleted. Choose another one, or switch the feature off.",
    "使用中のロールが削除されました。別のロールを設定するか、機能を無効にしてください。"};
inline constexpr text role_too_high{
    "The bot's highest role is not above what it is to change. Move the bot's role up in the server's "
    "settings.",
    "ボットの最上位のロールが対象より上にありません。サーバー設定でボットのロールを上に移動してください。"};
inline constexpr text message_refused{
    "Discord does not take the message: it may be too long, or empty. Change its text in the settings.",
    "Discord がメッセージを受け付けません。長すぎるか空の可能性があります。設定の文章を変更してください。"};
inline constexpr text guild_full{
    "The server has as many channels or roles as Discord allows. Delete some that nobody needs.",
    "サーバーのチャンネル数またはロール数が Discord の上限に達しています。不要なものを削除してください。"};
inline constexpr text needs_two_factor{
    "This server asks moderators for two-factor authentication: the bot's owner must switch it on.",
    "このサーバーではモデレーターに二要素認証が必要です。ボットの所有者が有効にする必要があります。"};

}  // namespace guildfleet::features::guild_report_texts
