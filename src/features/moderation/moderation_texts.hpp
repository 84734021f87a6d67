// The texts of moderation, and its settings.
#pragma once

#include "base/counted.hpp"
#include "features/text.hpp"
#include "settings/schema.hpp"

namespace guildfleet::features::moderation_texts {

inline constexpr text title{"Moderation", "モデレーション"};

// Commands
inline constexpr text warn{"warn", "警告"};
inline constexpr text warn_description{"Warn a member", "メンバーに警告します"};
inline constexpr text time_out{"timeout", "タイムアウト"};
inline constexpr text time_out_description{"Keep a member from writing and speaking for a time",
                                           "メンバーを一定時間タイムアウトします"};
inline constexpr text end_time_out{"untimeout", "タイムアウト解除"};
inline constexpr text end_time_out_description{"End a member's time-out",
                                               "メンバーのタイムアウトを解除します"};
inline constexpr text kick{"kick", "キック"};
inline constexpr text kick_description{"Remove a member from the server",
                                       "メンバーをサーバーからキックします"};
inline constexpr text ban{"ban", "ban"};
inline constexpr text ban_description{"Ban a user, for good or for a time",
                                      "ユーザーを無期限または一定期間BANします"};
inline constexpr text unban{"unban", "ban解除"};
inline constexpr text unban_description{"Lift a user's ban", "ユーザーのBANを解除します"};
inline constexpr text cases{"case", "処分記録"};
inline constexpr text cases_description{"The cases of this server", "このサーバーの処分の記録"};
inline constexpr text view{"view", "表示"};
inline constexpr text view_description{"Show a case with its history", "処分と変更の履歴を表示します"};
inline constexpr text list{"list", "一覧"};
inline constexpr text list_description{"The latest cases, of everybody or of one member",
                                       "最近の処分を表示します(メンバーを指定できます)"};
inline constexpr text change{"reason", "理由変更"};
inline constexpr text change_description{"Change the reason of a case", "処分の理由を変更します"};
inline constexpr text purge{"purge", "一括削除"};
inline constexpr text purge_description{"Delete messages of this channel, after a look at which",
                                        "このチャンネルのメッセージを確認のうえ一括削除します"};
inline constexpr text root{"moderation", "モデレーション"};
inline constexpr text root_description{"Settings of moderation", "モデレーションの設定"};
inline constexpr text log{"log", "記録先"};
inline constexpr text log_description{"Where cases are posted; empty: nowhere",
                                      "処分を記録するチャンネル(省略すると記録しません)"};
inline constexpr text notify{"notify", "本人通知"};
inline constexpr text notify_description{"Whether members are told by direct message",
                                         "本人にダイレクトメッセージで知らせるか設定します"};

// Options
inline constexpr text member{"member", "メンバー"};
inline constexpr text member_description{"Whom", "対象のメンバー"};
inline constexpr text user{"user", "ユーザー"};
inline constexpr text user_description{"Whom; an id will do for who is not here",
                                       "対象のユーザー(サーバーにいない場合はIDでも可)"};
inline constexpr text reason{"reason", "理由"};
inline constexpr text reason_description{"Why; the member and the audit log are told",
                                         "理由(本人と監査ログに伝えられます)"};
inline constexpr text duration{"duration", "期間"};
inline constexpr text timeout_duration_description{"How long: 10m, 2h, 7d; at most 28 days",
                                                   "長さ(例: 10分、2時間、7日。最長28日)"};
inline constexpr text ban_duration_description{"How long: 12h, 7d, 1y; empty: for good",
                                               "期間(例: 12時間、7日、1年。省略すると無期限)"};
inline constexpr text delete_days{"delete-days", "削除日数"};
inline constexpr text delete_days_description{"Delete the user's messages of so many days, 0 to 7",
                                              "削除するメッセージの日数(0〜7日)"};
inline constexpr text number{"number", "番号"};
inline constexpr text number_description{"The number of the case", "処分の番号"};
inline constexpr text new_reason_description{"The new reason", "新しい理由"};
inline constexpr text count{"count", "件数"};
inline constexpr text count_description{"How many at most, the newest first", "最大件数(新しい順)"};
inline constexpr text author_description{"Only messages of this user", "このユーザーのメッセージのみ"};
inline constexpr text only{"only", "種類"};
inline constexpr text only_description{"Only messages of this kind", "この種類のメッセージのみ"};
inline constexpr text contains{"contains", "文字列"};
inline constexpr text contains_description{"Only messages with this text", "この文字列を含むメッセージのみ"};
inline constexpr text channel{"channel", "チャンネル"};
inline constexpr text channel_description{"A text channel", "テキストチャンネル"};
inline constexpr text enabled{"enabled", "有効"};
inline constexpr text enabled_description{"Yes or no", "知らせるかどうか"};
inline constexpr settings::choice_name kinds[] = {{"bots", {"Bots", "ボット"}},
                                                  {"links", {"With links", "リンク付き"}},
                                                  {"invites", {"With invites", "招待付き"}},
                                                  {"files", {"With files", "ファイル付き"}}};

// Obstacles
inline constexpr text unknown_guild{
    "The bot does not know this server yet. Please try again in a moment.",
    "サーバーの情報をまだ取得できていません。しばらくしてからお試しください。"};
inline constexpr text oneself{"You cannot do this to yourself.", "自分自身には実行できません。"};
inline constexpr text the_bot{"The bot does not do this to itself.", "ボット自身には実行できません。"};
inline constexpr text not_a_member{"{member} is not a member of this server.",
                                   "{member} はこのサーバーのメンバーではありません。"};
inline constexpr text administrator{"{member} is an administrator, whom Discord does not time out.",
                                    "{member} は管理者のため、タイムアウトできません。"};
inline constexpr text member_may_not{"You need this permission in this server: {permissions}.",
                                     "この操作には次の権限が必要です: {permissions}"};
inline constexpr text bot_may_not{
    "The bot lacks a permission: {permissions}. Give it to the bot's role.",
    "ボットに権限がありません: {permissions}。ボットのロールに権限を与えてください。"};
inline constexpr text above_member{"{member} has a role that is not below your highest one.",
                                   "{member} はあなたの最上位のロール以上のロールを持っています。"};
inline constexpr text above_bot{
    "{member} has a role that is not below the bot's highest one. Move the bot's role up in the server's "
    "settings.",
    "{member} "
    "はボットの最上位のロール以上のロールを持っています。サーバー設定でボットのロールを上に移動してください"
    "。"};
inline constexpr text no_duration{"That is no duration. Write it like 10m, 2h, 7d or 1d12h.",
                                  "長さを読み取れません。10分、2時間、7日のように入力してください。"};
inline constexpr text timeout_too_long{"Discord times members out for 28 days at most.",
                                       "タイムアウトは最長28日です。"};
inline constexpr text ban_too_long{
    "A ban for a time lasts ten years at most. Without a duration it is for good.",
    "期間付きのBANは最長10年です。期間を省略すると無期限になります。"};
inline constexpr text unreadable{
    "The cases cannot be reached right now, and nothing was done. Please try again in a moment.",
    "現在記録にアクセスできないため、何も行っていません。しばらくしてからお試しください。"};
inline constexpr text refused{"Discord refused it, and there is no case: {reason}",
                              "Discord に拒否されました(記録は残していません): {reason}"};
inline constexpr text unsure{
    "Case #{number} is written, but Discord has not confirmed it: {reason} Please see whether it was done, "
    "and use the "
    "command again if not.",
    "処分 #{number} を記録しましたが、Discord から確認が取れていません: {reason} "
    "実行されたか確認し、必要であればもう一度コマンドを使ってください。"};
inline constexpr text cut_off{
    "Case #{number}: the bot was stopped before it was known whether this was done, and its time is over by "
    "now.",
    "処分 #{number}: 実行を確認する前にボットが停止し、期間はすでに終了しています。"};
inline constexpr text not_banned{"{member} is not banned.", "{member} はBANされていません。"};
inline constexpr text not_timed_out{"{member} is not timed out, and there is no case.",
                                    "{member} はタイムアウト中ではありません(記録は残していません)。"};

// What was done
inline constexpr text did_warn{"Case #{number}: {member} is warned.",
                               "処分 #{number}: {member} に警告しました。"};
inline constexpr text did_time_out{"Case #{number}: {member} is timed out until {until}.",
                                   "処分 #{number}: {member} を {until} までタイムアウトしました。"};
inline constexpr text did_end_time_out{"Case #{number}: the time-out of {member} is over.",
                                       "処分 #{number}: {member} のタイムアウトを解除しました。"};
inline constexpr text did_kick{"Case #{number}: {member} is kicked.",
                               "処分 #{number}: {member} をキックしました。"};
inline constexpr text did_ban{"Case #{number}: {member} is banned.",
                              "処分 #{number}: {member} をBANしました。"};
inline constexpr text did_ban_until{"Case #{number}: {member} is banned until {until}.",
                                    "処分 #{number}: {member} を {until} までBANしました。"};
inline constexpr text did_unban{"Case #{number}: the ban of {member} is lifted.",
                                "処分 #{number}: {member} のBANを解除しました。"};
inline constexpr text not_told{"The member could not be told by direct message.",
                               "本人にダイレクトメッセージで知らせることはできませんでした。"};
inline constexpr text not_logged{"The case could not be posted in the log channel.",
                                 "処分を記録用チャンネルに投稿できませんでした。"};

// To the member
inline constexpr text tell_warn{"You were warned in {server}.", "{server} で警告を受けました。"};
inline constexpr text tell_time_out{"You were timed out in {server} until {until}.",
                                    "{server} で {until} までタイムアウトされました。"};
inline constexpr text tell_kick{"You were removed from {server}.", "{server} からキックされました。"};
inline constexpr text tell_ban{"You were banned from {server}.", "{server} からBANされました。"};
inline constexpr text tell_ban_until{"You were banned from {server} until {until}.",
                                     "{server} から {until} までBANされました。"};
inline constexpr text tell_reason{"Reason: {reason}", "理由: {reason}"};

// Cases
inline constexpr text case_title{"Case #{number}: {action}", "処分 #{number}: {action}"};
inline constexpr text action_warn{"warning", "警告"};
inline constexpr text action_time_out{"time-out", "タイムアウト"};
inline constexpr text action_end_time_out{"end of a time-out", "タイムアウト解除"};
inline constexpr text action_kick{"kick", "キック"};
inline constexpr text action_ban{"ban", "BAN"};
inline constexpr text action_unban{"unban", "BAN解除"};
inline constexpr text action_ban_ended{"end of a ban", "BAN期間終了"};
inline constexpr text action_purge{"purge", "一括削除"};
inline constexpr text field_member{"Member", "メンバー"};
inline constexpr text field_moderator{"Moderator", "モデレーター"};
inline constexpr text field_reason{"Reason", "理由"};
inline constexpr text field_until{"Until", "期限"};
inline constexpr text field_channel{"Channel", "チャンネル"};
inline constexpr text field_messages{"Messages", "メッセージ数"};
inline constexpr text field_ban{"Ban", "対象のBAN"};
inline constexpr text field_earlier{"Earlier reasons", "以前の理由"};
inline constexpr text by_itself{"The bot, by itself", "ボット(自動)"};
inline constexpr text no_reason{"None given", "指定なし"};
inline constexpr text unconfirmed{"Discord has not confirmed this one.",
                                  "Discord からの確認が取れていません。"};
inline constexpr text earlier_line{"{reason} (replaced by {who} {when})", "{reason}({who} が {when} に変更)"};
inline constexpr text no_case{"There is no case #{number}.", "処分 #{number} はありません。"};
inline constexpr text no_cases{"There are no cases.", "処分の記録はありません。"};
inline constexpr text reason_changed{"The reason of case #{number} is changed.",
                                     "処分 #{number} の理由を変更しました。"};

// Purge
inline constexpr text finds_nothing{
    "No message of this channel fits. The latest 1,000 were looked at; pinned ones stay.",
    "該当するメッセージはありません(最新1,000件を確認、ピン留めは対象外)。"};
inline constexpr text cannot_read{"The messages of this channel cannot be read: {reason}",
                                  "このチャンネルのメッセージを読み込めません: {reason}"};
inline constexpr base::counted messages{"{count} message", "{count} messages", "{count}件"};
inline constexpr text would_delete{"This would delete {messages}, from {oldest} to {newest}:\n{sample}",
                                   "{oldest} から {newest} までの{messages}を削除します:\n{sample}"};
inline constexpr text old_ones{
    "Older than 14 days: {messages}. Discord lets those go only one by one, 30 in two minutes.",
    "うち{messages}は14日より古いため、1件ずつ(2分間に30件まで)削除します。"};
inline constexpr text left_out{"This leaves out {messages} of that age: use the command again afterwards.",
                               "同じく古い{messages}は対象外です。あとでもう一度実行してください。"};
inline constexpr text delete_button{"Delete", "削除する"};
inline constexpr text cancel_button{"Cancel", "やめる"};
inline constexpr text cancelled{"Nothing was deleted.", "削除しませんでした。"};
inline constexpr text deleted{"Case #{number}: deleted {messages}.",
                              "処分 #{number}: {messages}を削除しました。"};
inline constexpr text deleting{
    "Case #{number}: deleting {messages} older than 14 days one by one, also through restarts.",
    "処分 #{number}: 14日より古い{messages}を1件ずつ削除しています(再起動しても続きます)。"};
inline constexpr text stopped{"Not all could be deleted: {reason}", "一部を削除できませんでした: {reason}"};

inline constexpr settings::field fields[] = {
    settings::channel_field("log_channel", {"Log channel", "記録用チャンネル"},
                            {"Where cases are posted.", "処分を記録するチャンネルです。"},
                            settings::channel_use::posts),
    settings::boolean_field("notify_members", true, {"Tell members", "本人への通知"},
                            {"Whether members are told by direct message.",
                             "本人にダイレクトメッセージで知らせるかどうかです。"})};
inline constexpr settings::feature_schema schema{"moderation", title, fields};
static_assert(settings::sound(schema));

}  // namespace guildfleet::features::moderation_texts
