// Texts and settings of temporary voice channels.
#pragma once

#include "base/counted.hpp"
#include "features/common_texts.hpp"
#include "features/text.hpp"
#include "settings/schema.hpp"

namespace guildfleet::features::temp_voice_texts {

inline constexpr text root{"temp-voice", "一時ボイス"};
inline constexpr text root_description{"Voice channels that are made when somebody needs one",
                                       "必要なときに作られる一時的なボイスチャンネル"};
inline constexpr text add{"add", "追加"};
inline constexpr text add_description{"Who joins this voice channel gets one of their own",
                                      "参加すると専用チャンネルが作られるチャンネルを追加します"};
inline constexpr text channel_value{"channel", "チャンネル"};
inline constexpr text add_channel_description{"A voice channel", "ボイスチャンネル"};
inline constexpr text remove{"remove", "解除"};
inline constexpr text remove_description{"A voice channel is an ordinary one again",
                                         "作成用チャンネルの指定を解除します"};
inline constexpr text remove_channel_description{"One of those that were added", "追加済みのチャンネル"};
inline constexpr text list{"list", "一覧"};
inline constexpr text list_description{"What is set, and which channels there are now",
                                       "設定と、現在の一時チャンネルを表示します"};
inline constexpr text own{"voice", "ボイス操作"};
inline constexpr text own_description{"Controls of your temporary voice channel",
                                      "自分の一時ボイスチャンネルを操作します"};

using common_texts::server_only;
using common_texts::unreadable;
inline constexpr text added{"Who joins {channel} gets a channel of their own from now on.",
                            "これから {channel} に参加すると専用のチャンネルが作られます。"};
inline constexpr text removed{
    "{channel} makes no channels any more. Those that are there stay until they are empty.",
    "{channel} ではチャンネルが作られなくなります。既存のチャンネルは空になるまで残ります。"};
inline constexpr text not_added{"{channel} is not one of them. `/temp-voice list` shows which are.",
                                "{channel} は追加されていません。`/一時ボイス 一覧` で確認できます。"};
inline constexpr text lacks{
    "The bot lacks for it: {permissions}. Give these permissions to the bot's role.",
    "ボットの権限が不足しています: {permissions}。ボットのロールに権限を与えてください。"};
inline constexpr text rooms_now{"Channels now: {count} of {most}", "現在のチャンネル: {count} / {most}"};

inline constexpr text panel{
    "Controls of this channel, for its owner. It is deleted when it has been empty for {grace}.",
    "チャンネルの所有者のための操作パネルです。空になって{grace}経過すると削除されます。"};
inline constexpr text default_name{"Temporary channel", "一時チャンネル"};
inline constexpr text rename_button{"Rename", "名前を変更"};
inline constexpr text limit_button{"Limit", "人数制限"};
inline constexpr text lock_button{"Lock / unlock", "ロック / 解除"};
inline constexpr text hide_button{"Hide / show", "非表示 / 表示"};
inline constexpr text transfer_button{"Transfer", "譲渡"};
inline constexpr text kick_button{"Kick", "キック"};

inline constexpr text no_room{
    "You have no temporary channel. Join one of these to get one: {channels}",
    "一時チャンネルを持っていません。次のチャンネルに参加すると作られます: {channels}"};
inline constexpr text not_used{"Temporary channels are not set up in this server.",
                               "このサーバーでは一時チャンネルが設定されていません。"};
inline constexpr text gone{"This channel does not exist any more.", "このチャンネルはすでに存在しません。"};
inline constexpr text owner_only{"Only {owner} and who manages channels can do this here.",
                                 "この操作ができるのは {owner} と、チャンネルを管理できる人だけです。"};
inline constexpr text rename_title{"Rename the channel", "チャンネル名の変更"};
inline constexpr text name_label{"Name", "名前"};
inline constexpr text rename_hint{"Discord allows 2 renames in 10 minutes.",
                                  "Discord の制限により、10分間に2回まで変更できます。"};
inline constexpr text limit_title{"Limit of members (0: none)", "人数制限(0: 無制限)"};
inline constexpr text limit_label{"How many members fit in", "参加できる人数"};
inline constexpr text limit_hint{"0 to 99; 0: no limit", "0〜99(0 は無制限)"};
inline constexpr text renamed{"The channel is called {name} now.", "チャンネル名を {name} に変更しました。"};
inline constexpr text rename_too_often{
    "Discord allows 2 renames of a channel in 10 minutes. The next one is possible {when}.",
    "Discord の制限により、チャンネル名の変更は10分間に2回までです。次に変更できるのは {when} です。"};
inline constexpr text name_empty{"Nothing is left of this name. Choose another one.",
                                 "この名前は使えません。別の名前を入力してください。"};
inline constexpr base::counted limited{"At most {count} member fits in now.",
                                       "At most {count} members fit in now.",
                                       "人数を{count}人までに制限しました。"};
inline constexpr text unlimited{"There is no limit of members any more.", "人数制限を解除しました。"};
inline constexpr text bad_limit{"Enter a number from 0 to 99; 0 stands for no limit.",
                                "0〜99 の数字を入力してください(0 は無制限)。"};
inline constexpr text stays_closed{
    "The channel that this one was made from was deleted: who else may enter is not known, so it stays "
    "closed.",
    "作成用チャンネルが削除され、参加できる人を判断できないため、ロックや非表示は解除できません。"};
inline constexpr text locked{"Locked: nobody else can connect. Who is inside may come back.",
                             "ロックしました。ほかの人は接続できません。現在いる人は再接続できます。"};
inline constexpr text unlocked{"Unlocked.", "ロックを解除しました。"};
inline constexpr text hidden{"Hidden: nobody else sees the channel. Who is inside still does.",
                             "非表示にしました。現在いる人以外には見えません。"};
inline constexpr text shown{"Everybody sees the channel again.", "再び表示されるようになりました。"};
inline constexpr text whom_transfer{"To whom shall the channel belong?", "誰に譲渡しますか?"};
inline constexpr text whom_kick{"Whom do you want to kick?", "誰をキックしますか?"};
inline constexpr text choose_member{"A member in the channel", "チャンネルにいるメンバー"};
inline constexpr text not_inside{"{user} is not in the channel.", "{user} はチャンネルにいません。"};
inline constexpr text not_oneself{"Choose somebody else.", "自分以外のメンバーを選んでください。"};
inline constexpr text no_apps{"A channel cannot belong to an app.", "アプリには譲渡できません。"};
inline constexpr text has_one{"{user} has a temporary channel already.",
                              "{user} はすでに一時チャンネルを持っています。"};
inline constexpr text transferred{"The channel belongs to {user} now.",
                                  "チャンネルを {user} に譲渡しました。"};
inline constexpr text kicked{"{user} was kicked and cannot connect to this channel any more.",
                             "{user} をキックしました。このチャンネルには再接続できません。"};
inline constexpr text moderator{
    "{user} looks after voice channels here (Move Members) and cannot be kicked from one.",
    "{user} は「メンバーを移動」の権限を持っているため、キックできません。"};
inline constexpr text too_many_kicked{"50 members were kicked from this channel already.",
                                      "このチャンネルではすでに50人がキックされています。"};
inline constexpr text failed{"That did not work: {reason}", "実行できませんでした: {reason}"};
inline constexpr text no_permission{"The bot lacks a permission for that; the server's managers were told.",
                                    "ボットの権限が不足しています。サーバーの管理者に報告しました。"};
inline constexpr text rooms_full{"The server has {most} temporary channels, the most there can be.",
                                 "一時チャンネルが上限の {most} 個に達しています。"};
inline constexpr text category_full{"The category has 50 channels, Discord's limit.",
                                    "カテゴリーのチャンネル数が Discord の上限(50)に達しています。"};

inline constexpr std::string_view name_placeholders[] = {"name"};
inline constexpr settings::field fields[] = {
    settings::list_of(settings::channel_field("triggers", {"Channels to join", "作成用チャンネル"},
                                              {"Who joins one gets a channel of their own.",
                                               "参加すると専用のチャンネルが作られます。"},
                                              settings::channel_use::voice),
                      10, settings::repeats::refused),
    settings::channel_field("category", {"Category", "カテゴリー"},
                            {"Where channels are made; not set: where the one to join is.",
                             "チャンネルを作る場所です。未設定の場合は作成用チャンネルと同じ場所です。"},
                            settings::channel_use::category),
    settings::with_placeholders(
        settings::text_field("name", 100, "🔊 {name}", {"Name", "名前"},
                             {"Of new channels; {name} is the member's.",
                              "新しいチャンネルの名前です。{name} はメンバー名になります。"}),
        name_placeholders),
    settings::integer_field(
        "limit", {0, 99, "members"}, 0, {"Limit of members (0: none)", "人数制限(0: 無制限)"},
        {"Of new channels; 0: none.", "新しいチャンネルの人数制限です。0 は無制限です。"}),
    settings::duration_field(
        "grace", {5, 3'600}, 30, {"Grace time", "削除までの猶予"},
        {"How long a channel is empty before it is deleted.", "空になってから削除されるまでの時間です。"}),
};
inline constexpr settings::feature_schema schema{
    "temp-voice", {"Temporary voice channels", "一時ボイスチャンネル"}, fields};
static_assert(settings::sound(schema));

}  // namespace guildfleet::features::temp_voice_texts
