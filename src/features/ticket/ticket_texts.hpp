// The texts of tickets, and what servers set about them.
#pragma once

#include "features/common_texts.hpp"
#include "features/text.hpp"
#include "features/ticket/ticket_record.hpp"
#include "settings/schema.hpp"

namespace guildfleet::features::ticket_texts {

inline constexpr text title{"Tickets", "チケット"};

inline constexpr text root{"ticket", "チケット"};
inline constexpr text root_description{"What to do with the ticket of this channel",
                                       "このチャンネルのチケットを操作します"};
inline constexpr text claim{"claim", "担当"};
inline constexpr text claim_description{"Take care of this ticket", "このチケットの担当になります"};
inline constexpr text add{"add", "追加"};
inline constexpr text add_description{"Let another member into this ticket",
                                      "別のメンバーをこのチケットに追加します"};
inline constexpr text close{"close", "閉じる"};
inline constexpr text close_description{"Close this ticket", "このチケットを閉じます"};
inline constexpr text reopen{"reopen", "再び開く"};
inline constexpr text reopen_description{"Open this ticket again", "このチケットを再び開きます"};
inline constexpr text transcript{"transcript", "会話ログ"};
inline constexpr text transcript_description{"The messages of this ticket as a file",
                                             "このチケットの会話をファイルに書き出します"};
inline constexpr text pause{"pause", "自動削除停止"};
inline constexpr text pause_description{"Stop the days until this ticket is deleted",
                                        "このチケットの自動削除を一時停止します"};
inline constexpr text resume{"resume", "自動削除再開"};
inline constexpr text resume_description{"Let the days until its deletion go on",
                                         "このチケットの自動削除を再開します"};
inline constexpr text erase{"delete", "削除"};
inline constexpr text erase_description{"Delete this closed ticket and its channel",
                                        "閉じたチケットをチャンネルごと削除します"};
inline constexpr text member_option{"member", "メンバー"};
inline constexpr text member_option_description{"Who", "対象のメンバー"};
inline constexpr text reason_option{"reason", "理由"};
inline constexpr text reason_option_description{"Why", "理由"};

inline constexpr text setup{"ticket-setup", "チケット設定"};
inline constexpr text setup_description{"Set tickets up", "チケットを設定します"};
inline constexpr text panel{"panel", "パネル"};
inline constexpr text panel_description{"Post a message with a button that opens tickets",
                                        "チケットを開くボタン付きのメッセージを投稿します"};
inline constexpr text staff{"staff", "対応ロール"};
inline constexpr text staff_description{"Add or remove a role that takes care of tickets",
                                        "チケットに対応するロールを追加または削除します"};
inline constexpr text options{"options", "オプション"};
inline constexpr text options_description{"Change how tickets work; what is left out stays",
                                          "チケットの動作を変更します(省略した項目はそのままです)"};
inline constexpr text title_option{"title", "タイトル"};
inline constexpr text title_option_description{"What stands above it", "メッセージの見出し"};
inline constexpr text text_option{"text", "本文"};
inline constexpr text text_option_description{"What it says", "メッセージの本文"};
inline constexpr text button_option{"button", "ボタン"};
inline constexpr text button_option_description{"What stands on the button", "ボタンの文字"};
inline constexpr text channel_option{"channel", "チャンネル"};
inline constexpr text channel_option_description{"Where to; without it: this channel",
                                                 "投稿先(省略するとこのチャンネル)"};
inline constexpr text role_option{"role", "ロール"};
inline constexpr text role_option_description{"Which role", "対象のロール"};
inline constexpr text remove_option{"remove", "削除"};
inline constexpr text remove_option_description{"Remove it instead", "追加せずに削除します"};
inline constexpr text category_option{"category", "カテゴリー"};
inline constexpr text category_option_description{"Where the channels of tickets are made",
                                                  "チケットのチャンネルを作るカテゴリー"};
inline constexpr text log_option{"log_channel", "記録先"};
inline constexpr text log_option_description{"Where tickets are noted, with their transcripts",
                                             "チケットの記録とログファイルの投稿先"};
inline constexpr text maximum_option{"maximum", "上限"};
inline constexpr text maximum_option_description{"How many a member may have open",
                                                 "1人が同時に開けるチケットの数"};
inline constexpr text days_option{"delete_after_days", "削除日数"};
inline constexpr text days_option_description{"Days until a closed ticket is deleted; 0: never",
                                              "閉じたチケットを削除するまでの日数(0で削除しない)"};
inline constexpr text mention_option{"mention_staff", "対応ロール通知"};
inline constexpr text mention_option_description{"Whether a new ticket mentions the staff roles",
                                                 "新しいチケットで対応ロールをメンションするか"};

// On panels and in tickets.
inline constexpr text open_button{"Open a ticket", "チケットを開く"};
inline constexpr text claim_button{"Claim", "担当する"};
inline constexpr text close_button{"Close", "閉じる"};
inline constexpr text reopen_button{"Reopen", "再び開く"};
inline constexpr text transcript_button{"Transcript", "ログ"};
inline constexpr text pause_button{"Pause deletion", "自動削除を一時停止"};
inline constexpr text resume_button{"Resume deletion", "自動削除を再開"};
inline constexpr text erase_button{"Delete", "削除"};
inline constexpr text subject_title{"New ticket", "新しいチケット"};
inline constexpr text subject_label{"What is it about?", "ご用件"};
inline constexpr text close_title{"Close the ticket", "チケットを閉じる"};
inline constexpr text reason_label{"Reason (may be left empty)", "理由(省略できます)"};
inline constexpr text heading{"Ticket #{number}", "チケット #{number}"};
inline constexpr text opened_for{"Opened by {user}", "{user} が開きました"};
inline constexpr text closed_by{"{user} closed this ticket.", "{user} がこのチケットを閉じました。"};
inline constexpr text with_reason{"Reason: {reason}", "理由: {reason}"};
inline constexpr text deleted_when{"It is deleted {when}.", "{when} に削除されます。"};
inline constexpr text reopened_by{"{user} opened this ticket again.",
                                  "{user} がこのチケットを再び開きました。"};
inline constexpr text claimed_by{"{user} takes care of this ticket.", "{user} がこのチケットを担当します。"};
inline constexpr text added_by{"{user} let {member} into this ticket.",
                               "{user} が {member} をこのチケットに追加しました。"};

// In the log channel.
inline constexpr text log_opened{"Ticket #{number} of {user} is open: {channel}",
                                 "{user} がチケット #{number} を開きました: {channel}"};
inline constexpr text log_closed{"Ticket #{number} of {user} was closed by {by}.",
                                 "{user} のチケット #{number} を {by} が閉じました。"};
inline constexpr text log_reopened{"Ticket #{number} of {user} was opened again by {by}.",
                                   "{user} のチケット #{number} を {by} が再び開きました。"};
inline constexpr text log_deleted{"Ticket #{number} of {user} was deleted.",
                                  "{user} のチケット #{number} を削除しました。"};
inline constexpr text log_by_hand{"The channel of ticket #{number} of {user} was deleted by hand.",
                                  "{user} のチケット #{number} のチャンネルが手動で削除されました。"};

// Answers.
using common_texts::server_only;
using common_texts::unreadable;
inline constexpr text no_ticket{"This channel is no ticket.", "このチャンネルはチケットではありません。"};
inline constexpr text staff_only{"Only the staff of this server may do this.",
                                 "この操作はサーバーのスタッフだけが行えます。"};
inline constexpr text participants_only{"Only the staff and who opened the ticket may do this.",
                                        "この操作はスタッフとチケットを開いた人だけが行えます。"};
inline constexpr text opened{"Your ticket is open: {channel}", "チケットを開きました: {channel}"};
inline constexpr text too_many{"You have as many tickets open as allowed ({most}): {channels}",
                               "同時に開けるチケットは {most} 件までです: {channels}"};
inline constexpr text being_opened{
    "A ticket of yours is being opened still. If it does not appear, try again in about 20 minutes.",
    "チケットを開いている途中です。表示されない場合は、20分ほどしてからもう一度お試しください。"};
inline constexpr text owner_has_too_many{"{user} has as many tickets open as allowed ({most}).",
                                         "{user} はすでに上限({most} 件)のチケットを開いています。"};
inline constexpr text bot_lacks{
    "The bot lacks these permissions in this server: {permissions}. Please tell "
    "the people who run it.",
    "ボットにこのサーバーでの権限が不足しています: "
    "{permissions}。お手数ですが、サーバーの管理者に連絡してください。"};
inline constexpr text not_opened{"The ticket could not be opened: {reason}",
                                 "チケットを開けませんでした: {reason}"};
inline constexpr text closed_now{"The ticket is closed.", "チケットを閉じました。"};
inline constexpr text closed_already{"The ticket is closed already.", "チケットはすでに閉じられています。"};
inline constexpr text open_now{"The ticket is open again.", "チケットを再び開きました。"};
inline constexpr text open_already{"The ticket is open.", "チケットは開いています。"};
inline constexpr text claimed_now{"You take care of this ticket now.", "このチケットの担当になりました。"};
inline constexpr text claimed_already{"{user} takes care of this ticket already.",
                                      "このチケットはすでに {user} が担当しています。"};
inline constexpr text added_now{"{member} can see this ticket now.", "{member} を追加しました。"};
inline constexpr text added_already{"{member} is in this ticket already.",
                                    "{member} はすでにこのチケットに参加しています。"};
inline constexpr text bot_is_in{"The bot itself is in every ticket already.",
                                "ボットはすべてのチケットに最初から参加しています。"};
inline constexpr text full{"A ticket takes {most} more members at most.",
                           "1つのチケットに追加できるメンバーは {most} 人までです。"};
inline constexpr text not_added{"{member} could not be added: {reason}",
                                "{member} を追加できませんでした: {reason}"};
inline constexpr text transcript_here{"The messages of ticket #{number}.", "チケット #{number} の会話です。"};
inline constexpr text no_transcript{"The messages could not be read: {reason}",
                                    "会話を読み込めませんでした: {reason}"};
inline constexpr text left_out{"(Earlier messages are left out.)",
                               "(これより前のメッセージは省略しています)"};
inline constexpr text paused_now{"The days until its deletion stand still.", "自動削除を一時停止しました。"};
inline constexpr text resumed_now{"It is deleted {when}.", "{when} に削除されます。"};
inline constexpr text not_counting{"Nothing deletes this ticket by itself.",
                                   "このチケットに自動削除の予定はありません。"};
inline constexpr text not_paused{"Its deletion is not paused.", "自動削除は一時停止されていません。"};
inline constexpr text close_first{"Close the ticket first.", "先にチケットを閉じてください。"};
inline constexpr text sure{"Delete ticket #{number} and its channel? This cannot be taken back.",
                           "チケット #{number} をチャンネルごと削除しますか？この操作は取り消せません。"};
inline constexpr text yes_button{"Delete", "削除する"};
inline constexpr text no_button{"Keep", "やめる"};
inline constexpr text kept{"It is kept.", "削除しませんでした。"};
inline constexpr text being_deleted{"The ticket is being deleted.", "チケットを削除しています。"};
inline constexpr text being_deleted_already{"The ticket is being deleted already.",
                                            "チケットはすでに削除の処理中です。"};
inline constexpr text not_deleted{"The channel could not be deleted: {reason}",
                                  "チャンネルを削除できませんでした: {reason}"};
inline constexpr text panel_posted{"The panel is posted: {link}", "パネルを投稿しました: {link}"};
inline constexpr text panel_not_posted{"It could not be posted: {reason}", "投稿できませんでした: {reason}"};
inline constexpr text cannot_make{"The bot cannot make channels in {channel}. It lacks there: {permissions}.",
                                  "ボットは {channel} にチャンネルを作れません。不足している権限: "
                                  "{permissions}"};
inline constexpr text nothing_chosen{"Nothing was changed: choose at least one option.",
                                     "変更はありません。オプションを1つ以上指定してください。"};

inline constexpr std::int64_t day = 86'400;
inline constexpr std::string_view welcome_placeholders[] = {"user", "server", "number"};
inline constexpr settings::field fields[] = {
    settings::list_of(settings::role_field("staff_roles", {"Staff roles", "対応ロール"},
                                           {"Who takes care of tickets, beside who manages channels.",
                                            "チケットに対応するロールです。"}),
                      most_staff_roles, settings::repeats::refused),
    settings::channel_field(
        "category", {"Category", "カテゴリー"},
        {"Where the channels of tickets are made.", "チケットのチャンネルを作るカテゴリーです。"},
        settings::channel_use::category),
    settings::channel_field(
        "log_channel", {"Log channel", "記録チャンネル"},
        {"Where tickets are noted, with their transcripts.", "チケットの記録とログファイルを投稿します。"},
        settings::channel_use::posts),
    settings::integer_field(
        "maximum", {1, most_open_tickets, "tickets"}, 1, {"Open at a time", "同時に開ける数"},
        {"How many tickets a member may have open.", "1人が同時に開けるチケットの数です。"}),
    settings::duration_field("delete_after", {0, longest_deletion_days* day}, 0,
                             {"Deleted after (0: never)", "自動削除までの時間(0: 削除しない)"},
                             {"How long after it was closed a ticket is deleted; 0: never.",
                              "閉じてから削除するまでの時間です(0で削除しません)。"}),
    settings::boolean_field(
        "mention_staff", false, {"Mention the staff", "対応ロールへのメンション"},
        {"Whether a new ticket mentions the staff roles.", "新しいチケットで対応ロールをメンションします。"}),
    settings::with_placeholders(
        settings::text_field("welcome", 1'000, std::nullopt, {"First message", "最初のメッセージ"},
                             {"What a new ticket says: {user}, {server}, {number} are filled in.",
                              "新しいチケットの本文です。{user}、{server}、{number} を置き換えます。"}),
        welcome_placeholders),
};
inline constexpr settings::feature_schema schema{"ticket", title, fields};

}  // namespace guildfleet::features::ticket_texts
