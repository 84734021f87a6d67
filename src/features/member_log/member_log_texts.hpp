// Texts and settings of the member log.
#pragma once

#include "base/counted.hpp"
#include "features/common_texts.hpp"
#include "features/text.hpp"
#include "settings/schema.hpp"

namespace guildfleet::features::member_log_texts {

inline constexpr text root{"member-log", "メンバーログ"};
inline constexpr text root_description{"A log of who joins and leaves this server",
                                       "サーバーへの参加と退出を記録します"};
inline constexpr text channel_name{"channel", "チャンネル"};
inline constexpr text channel_description{"Choose where joins and leaves are posted",
                                          "参加と退出を投稿するチャンネルを設定します"};
inline constexpr text channel_value{"channel", "チャンネル"};
inline constexpr text channel_value_description{"A text channel", "テキストチャンネル"};
inline constexpr text off{"off", "オフ"};
inline constexpr text off_description{"Stop the log; your texts stay", "記録を停止します(文章は残ります)"};
inline constexpr text texts_name{"texts", "文章"};
inline constexpr text texts_description{"Write your own texts for joins and leaves",
                                        "参加時・退出時の文章を編集します"};
inline constexpr text preview{"preview", "プレビュー"};
inline constexpr text preview_description{"See how a join and a leave of yours would look",
                                          "自分が参加・退出した場合の表示を確認します"};
inline constexpr text status{"status", "状態"};
inline constexpr text status_description{"What is set, and what the bot lacks for it",
                                         "現在の設定と、ボットに不足している権限を表示します"};

using common_texts::server_only;
inline constexpr text now_on{"Joins and leaves are posted in {channel} from now on.",
                             "これから参加と退出を {channel} に投稿します。"};
inline constexpr text now_off{"The log is off. `/member-log channel` switches it on again.",
                              "記録を停止しました。`/メンバーログ チャンネル` で再開できます。"};
inline constexpr text is_off{"The log is off: no channel is set. `/member-log channel` switches it on.",
                             "チャンネルが設定されていないため、記録していません。`/メンバーログ チャンネル` "
                             "で開始できます。"};
inline constexpr text lacks_invites{
    "To see which invite was used the bot needs the permission {permission} in this server. Without it the "
    "log works, and the invite stays unknown.",
    "使用された招待を調べるには、ボットにサーバーの「{permission}」権限が必要です。権限がない場合も記録は"
    "できますが、招待は「不明」になります。"};
inline constexpr text saved{"Saved.", "保存しました。"};
inline constexpr text refused{"Nothing was saved:\n{problems}", "保存していません:\n{problems}"};
inline constexpr text changed_meanwhile{
    "Nothing was saved: somebody changed these texts while you were writing. Open `/member-log texts` again. "
    "What you wrote:",
    "保存していません: 入力中に他の人が文章を変更しました。`/メンバーログ 文章` をもう一度開いてください。"
    "入力した内容:"};
using common_texts::settings_unreadable;
inline constexpr text form_title{"Texts of the member log", "参加・退出の文章"};
inline constexpr text form_hint{
    "Empty: none. {{user}} {{name}} {{server}} {{count}} and more, see the documentation",
    "空欄: なし。{{user}} {{name}} {{server}} {{count}} などが使えます(詳細は"
    "ドキュメント参照)"};
inline constexpr text join_label{"When somebody joins", "参加時の文章"};
inline constexpr text leave_label{"When somebody leaves", "退出時の文章"};

inline constexpr text joined{"{user} ({name}) joined.", "{user} ({name}) が参加しました。"};
inline constexpr text left{"{user} ({name}) left.", "{user} ({name}) が退出しました。"};
inline constexpr text account_made{"Account created", "アカウント作成"};
inline constexpr text young_account{"⚠️ Young account", "⚠️ 新しいアカウント"};
inline constexpr text invite_title{"Invite", "招待"};
inline constexpr text app_added{"Added as an app", "アプリとして追加"};
inline constexpr text members_title{"Members", "メンバー数"};
inline constexpr text stayed_title{"Was a member for", "在籍期間"};
inline constexpr text stay_unknown{"unknown (joined before the log began)", "不明(記録の開始前に参加)"};
inline constexpr text stay_since{"{stay} (since {date})", "{stay}({date} から)"};

inline constexpr text invite_unknown{"unknown", "不明"};
inline constexpr base::counted invite_used{"{code} ({count} use)", "{code} ({count} uses)",
                                           "{code}(使用 {count} 回)"};
inline constexpr base::counted invite_used_of{"{code} by {inviter} ({count} use)",
                                              "{code} by {inviter} ({count} uses)",
                                              "{code}(作成: {inviter}、使用 {count} 回)"};
inline constexpr text invite_probable{"probably {codes}", "おそらく {codes}"};
inline constexpr text either{" or ", " または "};
using common_texts::list_comma;

inline constexpr text many_joined{"{count} joined", "{count}人が参加"};
inline constexpr text many_left{"{count} left", "{count}人が退出"};
inline constexpr text many_invites{"Invites used: {invites}", "使用された招待: {invites}"};
inline constexpr text joined_line{"📥 {user} {name} · account created {created}",
                                  "📥 {user} {name} · アカウント作成 {created}"};
inline constexpr text left_line{"📤 {user} {name} · was a member for {stay}",
                                "📤 {user} {name} · 在籍期間 {stay}"};
inline constexpr text unknown_stay{"an unknown time", "不明"};

inline constexpr std::string_view placeholders[] = {"user", "name",   "id",      "server", "count", "created",
                                                    "age",  "invite", "inviter", "joined", "stay"};
inline constexpr settings::field fields[] = {
    settings::channel_field("channel", {"Channel", "チャンネル"},
                            {"Where joins and leaves are posted; not set: the log is off.",
                             "参加と退出を投稿するチャンネルです。未設定の場合は記録しません。"},
                            settings::channel_use::posts),
    settings::boolean_field("joins", true, {"Joins", "参加"},
                            {"Whether joins are posted.", "参加を投稿するかどうかです。"}),
    settings::boolean_field("leaves", true, {"Leaves", "退出"},
                            {"Whether leaves are posted.", "退出を投稿するかどうかです。"}),
    settings::boolean_field(
        "invites", true, {"Invites", "招待"},
        {"Whether the invite that was used is looked up.", "使用された招待を調べるかどうかです。"}),
    settings::with_placeholders(
        settings::text_field(
            "join_text", 1'000, std::nullopt, {"Text for joins", "参加時の文章"},
            {"Your own words, with placeholders.", "プレースホルダーを使える独自の文章です。"}),
        placeholders),
    settings::with_placeholders(
        settings::text_field(
            "leave_text", 1'000, std::nullopt, {"Text for leaves", "退出時の文章"},
            {"Your own words, with placeholders.", "プレースホルダーを使える独自の文章です。"}),
        placeholders),
    settings::duration_field("young_account", {0, 31'536'000}, 604'800, {"Young account", "新しいアカウント"},
                             {"Accounts younger than this are marked; 0: none.",
                              "これより新しいアカウントに印を付けます。0 で無効になります。"}),
};
inline constexpr settings::feature_schema schema{"member-log", {"Member log", "参加・退出の記録"}, fields};
static_assert(settings::sound(schema));

}  // namespace guildfleet::features::member_log_texts
