// What many features say in the same words. A feature's own texts name what they take from here with `using`.
#pragma once

#include "features/text.hpp"

namespace guildfleet::features::common_texts {

inline constexpr text server_only{"This works in servers only.", "このコマンドはサーバー内でのみ使えます。"};
inline constexpr text unreadable{"This cannot be done right now. Please try again in a moment.",
                                 "現在この操作を実行できません。しばらくしてからもう一度お試しください。"};
inline constexpr text settings_unreadable{
    "The settings cannot be read right now. Please try again in a moment.",
    "現在設定を読み込めません。しばらくしてからもう一度お試しください。"};
inline constexpr text stale{"The database cannot be reached: this is how the settings were last known.",
                            "データベースに接続できません。最後に確認できた設定を表示しています。"};
inline constexpr text unknown_channel{"deleted, or not visible to the bot",
                                      "削除されたか、ボットから見えません"};

// Between things that are listed.
inline constexpr text list_comma{", ", "、"};

// What became of a change of settings.
inline constexpr text saved{"Saved.\n{changes}", "保存しました。\n{changes}"};
inline constexpr text same{"It was so already; nothing was changed.",
                           "すでにその設定です。変更はありません。"};
inline constexpr text refused{"Nothing was saved:\n{problems}", "保存していません:\n{problems}"};
inline constexpr text conflict{
    "Nothing was saved: {who} changed these settings {when}. Look again first.",
    "保存していません: {when} に {who} が設定を変更しました。内容を確認してください。"};
inline constexpr text failed{"Nothing was saved: {reason}", "保存していません: {reason}"};
inline constexpr text perhaps{"It is not known whether this was saved: {reason}",
                              "保存されたか確認できません: {reason}"};
inline constexpr text no_feature{"Nothing was saved: {reason} Those that have: {names}",
                                 "保存していません: {reason} 設定を持つ機能: {names}"};

}  // namespace guildfleet::features::common_texts
