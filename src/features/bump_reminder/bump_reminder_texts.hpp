// The texts of /bump-reminder, and its settings.
#pragma once

#include "features/common_texts.hpp"
#include "features/text.hpp"
#include "settings/schema.hpp"

namespace guildfleet::features::bump_reminder_texts {

inline constexpr text feature_title{"Bump reminder", "バンプリマインダー"};

inline constexpr text root{"bump-reminder", "バンプリマインダー"};
inline constexpr text root_description{"Reminds when DISBOARD and Dissoku can be bumped again",
                                       "DISBOARD とディス速の再実行が可能になったらお知らせします"};
inline constexpr text on{"on", "オン"};
inline constexpr text on_description{"Remind from now on; options that are left out stay as they are",
                                     "リマインダーを有効にします(省略したオプションは変更しません)"};
inline constexpr text off{"off", "オフ"};
inline constexpr text off_description{"Remind no more; what is planned is taken back",
                                      "リマインダーを無効にし、予定も取り消します"};
inline constexpr text status{"status", "状態"};
inline constexpr text status_description{"Show what is set, and when the next reminders are due",
                                         "設定と次のリマインダーの時刻を表示します"};
inline constexpr text role_option{"role", "ロール"};
inline constexpr text role_description{"Mentioned by reminders", "リマインダーで通知するロール"};
inline constexpr text channel_option{"channel", "チャンネル"};
inline constexpr text channel_description{"Where reminders go; at first where the server was bumped",
                                          "リマインダーの投稿先(未設定ならバンプしたチャンネル)"};

using common_texts::server_only;
inline constexpr text switched_on{
    "Reminders are on. After /bump (DISBOARD) or /up (Dissoku) the bot reminds when it can be done again. "
    "Channel: {channel}",
    "リマインダーを有効にしました。/bump(DISBOARD)または "
    "/up(ディス速)のあと、再実行できる時刻にお知らせします。投稿先: {channel}"};
inline constexpr text switched_off{"Reminders are off, and those that were planned are taken back.",
                                   "リマインダーを無効にし、予定も取り消しました。"};
inline constexpr text role_silent{
    "Note: the bot lacks the permission {permissions}, so {role} is only notified if the role may be "
    "mentioned "
    "by everyone.",
    "注意: ボットに「{permissions}」の権限がないため、{role} "
    "は「誰でもメンション可能」に設定されている場合だけ通知されます。"};
inline constexpr text is_on{"Reminders are on.", "リマインダーは有効です。"};
inline constexpr text is_off{"Reminders are off. `/bump-reminder on` switches them on.",
                             "リマインダーは無効です。`/バンプリマインダー オン` で有効にできます。"};
inline constexpr text status_channel{"Channel: {channel}", "投稿先: {channel}"};
inline constexpr text where_bumped{"where the server was bumped", "バンプしたチャンネル"};
inline constexpr text status_role{"Role: {role}", "ロール: {role}"};
inline constexpr text status_members{"Members who opted in: {count} of {most}",
                                     "通知を希望しているメンバー: {count}/{most} 人"};
inline constexpr text status_next{"{service}: {when}", "{service}: {when}"};
inline constexpr text nothing_planned{"no reminder is planned", "予定はありません"};
inline constexpr text unreadable{"This cannot be read right now. Please try again in a moment.",
                                 "現在読み込めません。しばらくしてからもう一度お試しください。"};

inline constexpr text time_to_bump{
    "{mentions}\nThe server can be bumped on {service} again: use `{command}`.",
    "{mentions}\n{service} でサーバーの表示順を上げられます。`{command}` を実行してください。"};
inline constexpr text noticed{"Thank you for the bump on {service}! The reminder comes {when}.",
                              "{service} での表示順アップを確認しました。{when} にお知らせします。"};
inline constexpr text remind_me{"Remind me", "通知を受け取る"};
inline constexpr text remind_me_not{"Stop reminding me", "通知を止める"};

inline constexpr text opted_in{"You are mentioned by the reminders from now on.",
                               "今後のリマインダーであなたに通知します。"};
inline constexpr text opted_out{"You are not mentioned any more.", "今後は通知しません。"};
inline constexpr text was_in{"You are mentioned already.", "すでに通知を受け取る設定です。"};
inline constexpr text was_out{"You were not mentioned anyway.", "もともと通知を受け取らない設定です。"};
inline constexpr text members_full{
    "{most} members are reminded already, which is the most. Ask the managers for a role instead.",
    "通知できるのは {most} 人までです。管理者にロールでの通知を相談してください。"};
inline constexpr text not_saved{"This could not be saved right now. Please try again in a moment.",
                                "現在保存できません。しばらくしてからもう一度お試しください。"};

inline constexpr settings::field fields[] = {
    settings::boolean_field("enabled", false, {"Enabled", "有効"},
                            {"Whether it reminds.", "リマインダーを使うかどうかです。"}),
    settings::role_field("role", {"Role", "ロール"},
                         {"Mentioned by reminders.", "リマインダーで通知するロールです。"}),
    settings::channel_field("channel", {"Channel", "チャンネル"},
                            {"Where reminders go; unset: where the server was bumped.",
                             "投稿先です。未設定ならバンプしたチャンネルです。"},
                            settings::channel_use::posts),
    settings::duration_field("wait", {1, 7'776'000}, 7'200, {"Wait", "待ち時間"},
                             {"From a bump until its reminder.", "バンプからお知らせまでの時間です。"}),
    settings::boolean_field(
        "confirm", true, {"Confirmation", "確認メッセージ"},
        {"Whether it says that it noticed a bump.", "バンプを確認したときに投稿するかどうかです。"}),
    settings::boolean_field("disboard", true, {"DISBOARD", "DISBOARD"},
                            {"Whether its bumps count.", "DISBOARD を対象にするかどうかです。"}),
    settings::boolean_field("dissoku", true, {"Dissoku", "ディス速"},
                            {"Whether its bumps count.", "ディス速を対象にするかどうかです。"}),
};
inline constexpr settings::feature_schema schema{"bump-reminder", feature_title, fields};
static_assert(settings::sound(schema));

}  // namespace guildfleet::features::bump_reminder_texts
