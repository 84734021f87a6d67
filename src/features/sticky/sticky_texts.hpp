// The texts of /sticky, and its settings.
#pragma once

#include "features/common_texts.hpp"
#include "features/text.hpp"
#include "settings/schema.hpp"

namespace guildfleet::features::sticky_texts {

inline constexpr text feature_title{"Sticky messages", "固定メッセージ"};

inline constexpr text root{"sticky", "固定メッセージ"};
inline constexpr text root_description{"Messages that stay at the bottom of a channel",
                                       "チャンネルの一番下に表示し続けるメッセージ"};
inline constexpr text set{"set", "設定"};
inline constexpr text set_description{
    "Keep a message at the bottom; without a text a form opens",
    "メッセージを一番下に固定します(本文を省略すると入力フォームが開きます)"};
inline constexpr text update{"update", "変更"};
inline constexpr text update_description{"Change parts of a channel's sticky message",
                                         "固定メッセージの一部を変更します"};
inline constexpr text remove{"remove", "削除"};
inline constexpr text remove_description{"Take a channel's sticky message away",
                                         "固定メッセージを削除します"};
inline constexpr text list{"list", "一覧"};
inline constexpr text list_description{"Show the sticky messages of this server",
                                       "このサーバーの固定メッセージを一覧表示します"};
inline constexpr text text_option{"text", "本文"};
inline constexpr text text_description{"What it says, up to 2,000 characters", "本文(2,000文字まで)"};
inline constexpr text title_option{"title", "タイトル"};
inline constexpr text title_description{"Makes it an embed with this title",
                                        "タイトル(指定すると埋め込みになります)"};
inline constexpr text color_option{"color", "色"};
inline constexpr text color_description{"Makes it an embed of this colour, as #3b82f6",
                                        "色(例: #3b82f6。指定すると埋め込みになります)"};
inline constexpr text channel_option{"channel", "チャンネル"};
inline constexpr text channel_description{"Where; this channel if not said",
                                          "チャンネル(省略するとこのチャンネル)"};

inline constexpr text gone_option{"gone", "消えたチャンネル"};
inline constexpr text gone_description{"One whose channel was deleted or is not visible to the bot",
                                       "チャンネルが削除されたか、ボットから見えない固定メッセージ"};

inline constexpr text form_title{"Sticky message", "固定メッセージ"};
inline constexpr text form_text{"Text", "本文"};
inline constexpr text form_heading{"Title (makes it an embed)", "タイトル(入力すると埋め込みになります)"};
inline constexpr text form_color{"Colour, as #3b82f6 (makes it an embed)",
                                 "色(例: #3b82f6。入力すると埋め込みになります)"};

using common_texts::server_only;
inline constexpr text saved{"Saved. The message will be at the bottom of {channel} in a moment.",
                            "保存しました。まもなく {channel} の一番下に表示されます。"};
inline constexpr text same{"The sticky message of {channel} is like that already.",
                           "{channel} の固定メッセージはすでにその内容です。"};
inline constexpr text removed{"The sticky message of {channel} is being taken away.",
                              "{channel} の固定メッセージを削除します。"};
inline constexpr text overtaken{
    "The sticky message of {channel} was changed again meanwhile; this change was left out.",
    "{channel} の固定メッセージはその後さらに変更されたため、この変更は反映していません。"};
inline constexpr text choose_gone{
    "Nothing was removed: choose one from the list. For a channel that is still there, use `channel`.",
    "削除していません: 一覧から選んでください。チャンネルが残っている場合は `チャンネル` "
    "で指定してください。"};
inline constexpr text gone_for_managers{
    "Nothing was removed: where the channel was deleted or is not visible to the bot you need {permissions}.",
    "削除していません: "
    "チャンネルが削除されたか、ボットから見えない固定メッセージの削除には次の権限が必要です: "
    "{permissions}"};
inline constexpr text none_there{
    "{channel} has no sticky message. Set one with `/sticky set`.",
    "{channel} に固定メッセージはありません。`/固定メッセージ 設定` で設定できます。"};
inline constexpr text full{
    "Nothing was saved: this server has {most} sticky messages, which is the most. Remove one first.",
    "保存していません: 固定メッセージは {most} 件までです。先に不要なものを削除してください。"};
inline constexpr text empty{"Nothing was saved: it needs a text or a title.",
                            "保存していません: 本文またはタイトルを入力してください。"};
inline constexpr text text_part{"the text", "本文"};
inline constexpr text title_part{"the title", "タイトル"};
inline constexpr text too_long{"Nothing was saved: {part} may have {most} characters at most.",
                               "保存していません: {part}は {most} 文字までです。"};
inline constexpr text no_color{"Nothing was saved: {color} is no colour. Write it as #3b82f6.",
                               "保存していません: {color} は色として読めません。#3b82f6 "
                               "の形で入力してください。"};
inline constexpr text member_may_not{"To do this in {channel} you need there: {permissions}.",
                                     "{channel} でこの操作を行うには次の権限が必要です: {permissions}"};
inline constexpr text nothing_there{"This server has no sticky messages. Set one with `/sticky set`.",
                                    "固定メッセージはありません。`/固定メッセージ 設定` で設定できます。"};
using common_texts::settings_unreadable;
inline constexpr text list_title{"Sticky messages ({count} of {most})", "固定メッセージ({count}/{most} 件)"};
using common_texts::unknown_channel;

inline constexpr settings::field message_fields[] = {
    settings::channel_field(
        "channel", {"Channel", "チャンネル"},
        {"Where the message stays at the bottom.", "メッセージを固定するチャンネルです。"},
        settings::channel_use::posts),
    settings::text_field("text", 2'000, {}, {"Text", "本文"}, {"What it says.", "メッセージの本文です。"}),
    settings::text_field("title", 256, {}, {"Title", "タイトル"},
                         {"Makes it an embed.", "指定すると埋め込みになります。"}),
    settings::text_field("color", 7, {}, {"Colour", "色"},
                         {"As #3b82f6; makes it an embed.", "#3b82f6 の形。指定すると埋め込みになります。"}),
};
inline constexpr settings::field fields[] = {
    settings::duration_field("delay", {1, 300}, 5, {"Delay", "待ち時間"},
                             {"How long after the last message it is posted again.",
                              "最後のメッセージから再投稿までの時間です。"}),
    settings::duration_field(
        "longest", {5, 3'600}, 30, {"Longest delay", "最長の待ち時間"},
        {"How long a busy channel may hide it.", "会話が続いていても、この時間が過ぎたら再投稿します。"}),
    settings::list_of_objects("messages", message_fields, 20, {"Messages", "メッセージ"},
                              {"One for a channel; `/sticky` sets them.",
                               "チャンネルごとに一つ。`/固定メッセージ` で設定します。"}),
};
inline constexpr settings::feature_schema schema{"sticky", feature_title, fields};
static_assert(settings::sound(schema));

}  // namespace guildfleet::features::sticky_texts
