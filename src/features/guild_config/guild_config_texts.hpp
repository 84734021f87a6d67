// The texts of /config, and the settings that belong to the guild as a whole.
#pragma once

#include "features/common_texts.hpp"
#include "features/text.hpp"
#include "settings/schema.hpp"

namespace guildfleet::features::guild_config_texts {

inline constexpr text root{"config", "設定"};
inline constexpr text root_description{"The settings of this server", "このサーバーの設定"};
inline constexpr text view{"view", "表示"};
inline constexpr text view_description{"Show all settings", "すべての設定を表示します"};
// What the variant "guided" adds to the view.
inline constexpr text guided_what{"Beside the settings of the server, tells which commands change them",
                                  "サーバーの設定と一緒に、変更に使うコマンドを案内します"};
inline constexpr text guide{
    "Change them with `/config language` and `/config error-channel`. `/config history` shows who changed "
    "what, "
    "and `/config undo` takes it back.",
    "変更するには `/設定 言語` と `/設定 エラー通知先` を使います。`/設定 履歴` "
    "で変更の履歴を確認し、"
    "`/設定 取り消し` で元に戻せます。"};
inline constexpr text language_name{"language", "言語"};
inline constexpr text language_description{"The language of what the bot posts here",
                                           "ボットがこのサーバーに投稿するときの言語"};
inline constexpr text language_value{"value", "言語"};
inline constexpr text language_value_description{"Automatic follows the server's own setting",
                                                 "「自動」はサーバーの言語設定に従います"};
inline constexpr text channel_name{"error-channel", "エラー通知先"};
inline constexpr text channel_description{"Where the bot reports problems; empty: nowhere",
                                          "問題を報告するチャンネル(省略すると報告しません)"};
inline constexpr text channel_value{"channel", "チャンネル"};
inline constexpr text channel_value_description{"A text channel", "テキストチャンネル"};
inline constexpr text reset{"reset", "初期化"};
inline constexpr text reset_description{"Give the settings of a feature their defaults again",
                                        "機能の設定を初期値に戻します"};
inline constexpr text feature_value{"feature", "機能"};
inline constexpr text feature_value_description{"Whose settings", "対象の機能"};
inline constexpr text unset{"unset", "項目初期化"};
inline constexpr text unset_description{"Give one setting its default again",
                                        "設定を一つだけ初期値に戻します"};
inline constexpr text setting_value{"setting", "項目"};
inline constexpr text setting_value_description{"One that is set here", "現在設定されている項目"};
inline constexpr text history{"history", "履歴"};
inline constexpr text history_description{"The latest changes and who made them", "最近の変更と変更した人"};
inline constexpr text undo{"undo", "取り消し"};
inline constexpr text undo_description{"Take one change back", "変更を一つ取り消します"};
inline constexpr text number_value{"number", "番号"};
inline constexpr text number_value_description{"As the history shows it", "履歴に表示される番号"};

inline constexpr text export_name{"export", "書き出し"};
inline constexpr text export_description{"All settings of this server as a file",
                                         "このサーバーのすべての設定をファイルに書き出します"};
inline constexpr text import_name{"import", "読み込み"};
inline constexpr text import_description{"Take settings from a file; shown before anything is saved",
                                         "ファイルから設定を読み込みます(保存前に変更点を表示します)"};
inline constexpr text file_value{"file", "ファイル"};
inline constexpr text file_value_description{"As export wrote it", "「書き出し」で作成したファイル"};

using common_texts::failed;
using common_texts::refused;
using common_texts::same;
using common_texts::saved;
using common_texts::server_only;
using common_texts::settings_unreadable;
using common_texts::stale;
inline constexpr text nothing_changed_yet{"Nothing has been changed yet.", "変更の履歴はありません。"};
inline constexpr text no_setting{
    "Nothing was changed: there is no setting {name}. Choose one of the list that `/config unset` shows.",
    "変更はありません: {name} という設定はありません。`/設定 項目初期化` の候補から選んでください。"};
inline constexpr text is_list{
    "Nothing was changed: {setting} is a list, whose entries the commands of its feature take out. "
    "`/config reset` empties it with all other settings of the feature.",
    "変更はありません: {setting} は一覧です。項目は機能のコマンドで一つずつ削除できます。"
    "`/設定 初期化` を使うと、機能のほかの設定と一緒に初期値に戻ります。"};
inline constexpr text suggested_setting{"{feature}: {setting}", "{feature}: {setting}"};
inline constexpr text exported{
    "The settings of this server. `/config import` takes this file back, here or "
    "in another server.",
    "このサーバーの設定です。`/設定 読み込み` でこのサーバーや別のサーバーに"
    "読み込めます。"};
// Of the same file: what is kept beside settings.
inline constexpr text panels_elsewhere{
    "Role panels are not in it: `/role-panel export` gives them.",
    "ロールパネルは含まれません。`/ロールパネル 書き出し` で書き出せます。"};
inline constexpr text not_exported{"The settings could not be exported: {reason}",
                                   "設定を書き出せませんでした: {reason}"};
inline constexpr text would_change{"Nothing is saved yet. This would change:",
                                   "まだ保存していません。変更される内容:"};
inline constexpr text changed_meanwhile{
    "Nothing was saved: the settings have changed since this was shown. Now this would change:",
    "保存していません: 表示したあとに設定が変更されました。現在の変更内容:"};
inline constexpr text was_reset{"all defaults again", "初期値に戻しました"};
inline constexpr text of_feature{"{title} (`{feature}`)", "{title}(`{feature}`)"};

inline constexpr settings::choice_name languages[] = {{"automatic", {"Automatic / 自動", "自動"}},
                                                      {"en", {"English", "English"}},
                                                      {"ja", {"日本語", "日本語"}}};
inline constexpr settings::field fields[] = {
    settings::choice_field("language", languages, "automatic", {"Language", "言語"},
                           {"Of what the bot posts in this server.", "ボットの投稿に使う言語です。"}),
    settings::channel_field("error_channel", {"Error channel", "エラー通知先"},
                            {"Where the bot reports problems.", "問題を報告するチャンネルです。"},
                            settings::channel_use::posts),
};
inline constexpr settings::feature_schema schema{"guild-config", {"Server", "サーバー"}, fields};

}  // namespace guildfleet::features::guild_config_texts
