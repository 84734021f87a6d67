// The texts of /role-panel and of the panels.
#pragma once

#include "features/common_texts.hpp"
#include "features/text.hpp"

namespace guildfleet::features::role_panel_texts {

inline constexpr text title{"Role panels", "ロールパネル"};
inline constexpr text root{"role-panel", "ロールパネル"};
inline constexpr text root_description{"Panels by which members give themselves roles",
                                       "メンバーが自分でロールを付け外しできるパネル"};

inline constexpr text create{"create", "作成"};
inline constexpr text create_description{"Make a panel; roles are added to it, then it is posted",
                                         "パネルを作ります(このあとロールを追加して投稿します)"};
inline constexpr text edit{"edit", "編集"};
inline constexpr text edit_description{"Change the title, text, look or way of a panel",
                                       "パネルのタイトル、本文、表示形式、動作を変更します"};
inline constexpr text add{"add", "追加"};
inline constexpr text add_description{"Add a role to a panel, or change how it stands there",
                                      "パネルにロールを追加します(追加済みなら表示を変更します)"};
inline constexpr text remove{"remove", "取り外し"};
inline constexpr text remove_description{"Take a role off a panel; members keep it",
                                         "パネルからロールを外します(メンバーのロールはそのまま残ります)"};
inline constexpr text post{"post", "投稿"};
inline constexpr text post_description{"Post a panel, or post it again elsewhere or after it was deleted",
                                       "パネルを投稿します(別の場所への移動や、削除後の再投稿もできます)"};
inline constexpr text list{"list", "一覧"};
inline constexpr text list_description{"Show the panels of this server", "このサーバーのパネルを表示します"};
inline constexpr text erase{"delete", "削除"};
inline constexpr text erase_description{"Delete a panel and its message; members keep their roles",
                                        "パネルとそのメッセージを削除します(メンバーのロールは残ります)"};

inline constexpr text export_name{"export", "書き出し"};
inline constexpr text export_description{"All panels of this server as a file",
                                         "このサーバーのすべてのパネルをファイルに書き出します"};
inline constexpr text import_name{"import", "読み込み"};
inline constexpr text import_description{"Make panels from a file; shown before anything is saved",
                                         "ファイルからパネルを作ります(保存前に内容を表示します)"};
inline constexpr text file_option{"file", "ファイル"};
inline constexpr text file_option_description{"As export wrote it", "「書き出し」で作成したファイル"};

inline constexpr text panel_option{"panel", "パネル"};
inline constexpr text panel_option_description{"Which panel", "対象のパネル"};
inline constexpr text title_option{"title", "タイトル"};
inline constexpr text title_option_description{"What stands above it", "パネルの見出し"};
inline constexpr text text_option{"text", "本文"};
inline constexpr text text_option_description{"What it says; without it: how it is used",
                                              "パネルの本文(省略すると使い方を表示します)"};
inline constexpr text style_option{"style", "表示形式"};
inline constexpr text style_option_description{"Buttons or a menu", "ボタンまたはメニュー"};
inline constexpr text mode_option{"mode", "動作"};
inline constexpr text mode_option_description{"What a choice does", "選んだときの動作"};
inline constexpr text role_option{"role", "ロール"};
inline constexpr text role_option_description{"Which role", "対象のロール"};
inline constexpr text label_option{"label", "表示名"};
inline constexpr text label_option_description{"What stands on the button; without it: the role's name",
                                               "ボタンの文字(省略するとロール名を使います)"};
inline constexpr text note_option{"note", "説明"};
inline constexpr text note_option_description{"A few words about the role", "ロールの短い説明"};
inline constexpr text emoji_option{"emoji", "絵文字"};
inline constexpr text emoji_option_description{"An emoji before the label", "文字の前に付ける絵文字"};
inline constexpr text channel_option{"channel", "チャンネル"};
inline constexpr text channel_option_description{"Where to; without it: this channel",
                                                 "投稿先(省略するとこのチャンネル)"};

inline constexpr text style_buttons{"Buttons", "ボタン"};
inline constexpr text style_menu{"Menu", "メニュー"};
inline constexpr text mode_toggle{"Toggle: gives and takes", "切り替え: 付け外しできる"};
inline constexpr text mode_one_way{"One way: only gives", "付与のみ: 外せない"};
inline constexpr text mode_exclusive{"Exclusive: one at a time", "択一: 1つだけ選べる"};

// On a panel.
inline constexpr text use_toggle{"Choose a role to get it. Choose it again to give it back.",
                                 "ロールを選ぶと付与されます。もう一度選ぶと外れます。"};
inline constexpr text use_one_way{"Choose a role to get it.", "ロールを選ぶと付与されます。"};
inline constexpr text use_exclusive{
    "Choose one of these roles. Another choice takes its place; the same choice gives it back.",
    "いずれか1つのロールを選べます。別のロールを選ぶと入れ替わり、同じロールを選ぶと外れます。"};
inline constexpr text placeholder{"Choose", "選択してください"};

// To who chooses.
inline constexpr text given{"You have now: {roles}", "付与しました: {roles}"};
inline constexpr text taken{"You do not have any more: {roles}", "外しました: {roles}"};
inline constexpr text nothing_to_do{"You have it already.", "すでに持っているロールです。"};
inline constexpr text gone{"This panel does not exist any more.", "このパネルはすでに削除されています。"};
inline constexpr text role_not_here{"The panel does not offer this role any more.",
                                    "このロールはパネルから外されています。"};
inline constexpr text told_managers{"Please tell the people who run this server.",
                                    "お手数ですが、サーバーの管理者に連絡してください。"};
inline constexpr text not_changed{"Discord did not change {role}: {reason}",
                                  "{role} を変更できませんでした: {reason}"};

// To who builds.
using common_texts::failed;
using common_texts::refused;
using common_texts::server_only;
using common_texts::unreadable;
inline constexpr text created{
    "Panel #{number} is made. Add roles with `/role-panel add`, then post it with `/role-panel post`.",
    "パネル #{number} を作りました。`/ロールパネル 追加` でロールを追加し、`/ロールパネル 投稿` "
    "で投稿してください。"};
inline constexpr text too_many_panels{"A server has at most {most} panels. Delete one first.",
                                      "パネルは1つのサーバーに {most} "
                                      "個までです。先にいずれかを削除してください。"};
inline constexpr text too_many_roles{"A panel has at most {most} roles. Make another panel.",
                                     "1つのパネルに追加できるロールは {most} "
                                     "個までです。別のパネルを作ってください。"};
inline constexpr text no_such_panel{"There is no such panel. `/role-panel list` shows them.",
                                    "そのパネルはありません。`/ロールパネル 一覧` で確認できます。"};
inline constexpr text no_such_entry{"The panel does not have this role.", "そのロールはパネルにありません。"};
inline constexpr text not_an_emoji{"`{emoji}` is not an emoji. Choose one from Discord's list.",
                                   "`{emoji}` は絵文字ではありません。Discord の一覧から選んでください。"};
inline constexpr text added{"Panel #{number} offers {role}.", "パネル #{number} に {role} を追加しました。"};
inline constexpr text removed{"Panel #{number} does not offer {role} any more.",
                              "パネル #{number} から {role} を外しました。"};
inline constexpr text edited{"Panel #{number} is changed.", "パネル #{number} を変更しました。"};
inline constexpr text erased{"Panel #{number} is deleted. Members keep their roles.",
                             "パネル #{number} を削除しました。メンバーのロールはそのままです。"};
inline constexpr text posted{"Panel #{number} is posted: {link}", "パネル #{number} を投稿しました: {link}"};
inline constexpr text nothing_offered{"Panel #{number} has no roles yet. Add one with `/role-panel add`.",
                                      "パネル #{number} にはまだロールがありません。`/ロールパネル 追加` "
                                      "で追加してください。"};
inline constexpr text deleted_roles{
    "These roles do not exist any more and are not shown: {names}. `/role-panel remove` takes them off.",
    "削除されたロールは表示されません: {names}。`/ロールパネル 取り外し` でパネルから外せます。"};
inline constexpr text message_gone{"Its message was deleted. `/role-panel post` posts it again.",
                                   "投稿したメッセージは削除されています。`/ロールパネル 投稿` "
                                   "で再投稿できます。"};
inline constexpr text message_refused{"Its message could not be changed: {reason}",
                                      "投稿済みのメッセージを更新できませんでした: {reason}"};
inline constexpr text not_posted{"It could not be posted: {reason}", "投稿できませんでした: {reason}"};
inline constexpr text no_panels{"There are no panels yet. `/role-panel create` makes one.",
                                "パネルはまだありません。`/ロールパネル 作成` で作れます。"};
inline constexpr text line{"**#{number}** {title}: {style}, {mode}, {count} of {most} roles, {place}",
                           "**#{number}** {title}: {style}、{mode}、ロール {count}/{most}、{place}"};
inline constexpr text not_posted_yet{"not posted", "未投稿"};
inline constexpr text message_deleted{"its message was deleted", "メッセージは削除済み"};
inline constexpr text line_of_new{"**{title}**: {style}, {mode}, {roles}",
                                  "**{title}**: {style}、{mode}、{roles}"};
inline constexpr text no_roles{"no roles", "ロールなし"};
inline constexpr text suggestion{"#{number} {title}", "#{number} {title}"};

// Files.
inline constexpr text exported{
    "The panels of this server. `/role-panel import` makes them anew, here or in another server.",
    "このサーバーのパネルです。`/ロールパネル 読み込み` でこのサーバーや別のサーバーに作り直せます。"};
inline constexpr text would_make{
    "Nothing is saved yet. These panels would be made, to be posted with `/role-panel post`:",
    "まだ保存していません。次のパネルを作ります(投稿は `/ロールパネル 投稿` で行います):"};
inline constexpr text changed_meanwhile{
    "Nothing was saved: the server's roles have changed since this was shown. Now these panels would be "
    "made:",
    "保存していません: 表示したあとにサーバーのロールが変更されました。現在の内容では次のパネルを作ります:"};
inline constexpr text imported{
    "Panels made: {count}. `/role-panel list` shows them, `/role-panel post` posts one.",
    "パネルを {count} 個作りました。`/ロールパネル 一覧` で確認し、`/ロールパネル 投稿` で投稿できます。"};
inline constexpr text left_out{"{title}: {role} is left out. {reason}",
                               "{title}: {role} は含まれません。{reason}"};
inline constexpr text no_such_role{
    "This server has no role of this id, and not exactly one of this name.",
    "このIDのロールがこのサーバーになく、同じ名前のロールも1つに特定できません。"};
inline constexpr text no_room{
    "Nothing was saved: there are {count} panels, the file has {more}, and a server has at most {most}. "
    "Delete some, or take some out of the file.",
    "保存していません: 現在のパネルは {count} 個、ファイルには {more} 個ありますが、上限は {most} "
    "個です。いくつか削除するか、ファイルから取り除いてください。"};
inline constexpr text no_panel_file{
    "This is no file of role panels that can be read here. Take one that `/role-panel export` wrote.",
    "読み込めるロールパネルのファイルではありません。`/ロールパネル 書き出し` "
    "で書き出したファイルを使ってください。"};
inline constexpr text no_panels_there{"The file has no panels.", "ファイルにパネルがありません。"};
inline constexpr text too_many_there{"The file has {count} panels; a server has at most {most}.",
                                     "ファイルにパネルが {count} 個あります。上限は {most} 個です。"};
inline constexpr text not_a_panel{"This must be an object.", "オブジェクトでなければなりません。"};
inline constexpr text no_title{"A panel needs a title.", "パネルにはタイトルが必要です。"};

}  // namespace guildfleet::features::role_panel_texts
