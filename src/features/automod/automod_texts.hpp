// The texts of /automod and of what it posts, and its settings.
#pragma once

#include "features/text.hpp"
#include "settings/schema.hpp"

namespace guildfleet::features::automod_texts {

inline constexpr text title{"Automod", "自動モデレーション"};

inline constexpr text root{"automod", "自動モデレーション"};
inline constexpr text root_description{"Rules for messages that the bot enforces by itself",
                                       "ボットが自動で適用するメッセージのルール"};
inline constexpr text view{"view", "表示"};
inline constexpr text view_description{"Show all rules and lists", "すべてのルールとリストを表示します"};
inline constexpr text rule{"rule", "ルール"};
inline constexpr text rule_description{"Turn a rule on or off, and set its limits",
                                       "ルールのオン・オフと上限を設定します"};
inline constexpr text rule_value_description{"Which rule", "対象のルール"};
inline constexpr text action{"action", "処置"};
inline constexpr text action_description{"What happens to a message that breaks it",
                                         "違反したメッセージの扱い"};
inline constexpr text limit{"limit", "上限"};
inline constexpr text limit_description{
    "Of flood and duplicates: messages; of mentions: how many are allowed",
    "連投・重複ではメッセージ数、メンションでは許可する数"};
inline constexpr text seconds{"seconds", "秒"};
inline constexpr text seconds_description{"Of flood and duplicates: within how many seconds",
                                          "連投・重複を数える秒数"};
inline constexpr text add{"add", "追加"};
inline constexpr text add_description{"Add to the lists of words, allowed links and invites, and exemptions",
                                      "禁止ワード・許可リンク・許可招待・除外のリストに追加します"};
inline constexpr text remove{"remove", "削除"};
inline constexpr text remove_description{"Take from the lists", "リストから削除します"};
inline constexpr text word{"word", "ワード"};
inline constexpr text word_description{"A forbidden word; spam* also means spammer",
                                       "禁止ワード(spam* と書くと spammer なども対象)"};
inline constexpr text link{"link", "リンク"};
inline constexpr text link_description{"A domain that links may lead to, such as example.com",
                                       "リンクを許可するドメイン(例: example.com)"};
inline constexpr text invite{"invite", "招待"};
inline constexpr text invite_description{"An invite that is allowed, such as discord.gg/example",
                                         "許可する招待(例: discord.gg/example)"};
inline constexpr text role{"role", "ロール"};
inline constexpr text role_description{"A role whose members are exempt from all rules",
                                       "すべてのルールから除外するロール"};
inline constexpr text channel{"channel", "チャンネル"};
inline constexpr text channel_description{"A channel or category where no rule applies",
                                          "ルールを適用しないチャンネルまたはカテゴリー"};
inline constexpr text timeout{"timeout", "タイムアウト"};
inline constexpr text timeout_description{"How long members are timed out", "タイムアウトの長さを設定します"};
inline constexpr text minutes{"minutes", "分"};
inline constexpr text minutes_description{"1 to 40,320 (28 days)", "1〜40,320分(28日)"};
inline constexpr text log{"log", "記録先"};
inline constexpr text log_description{"Where it is told what was done; empty: nowhere",
                                      "処置を記録するチャンネル(省略すると記録しません)"};
inline constexpr text log_channel_description{"A text channel", "テキストチャンネル"};
inline constexpr text test{"test", "テスト"};
inline constexpr text test_description{"See what the rules say of a text",
                                       "文章がルールに違反するか確認します"};
inline constexpr text text_value{"text", "文章"};
inline constexpr text text_value_description{"As a member would write it", "メンバーが書くとおりの文章"};

inline constexpr text nothing_given{"Give at least one word, link, invite, role or channel.",
                                    "ワード、リンク、招待、ロール、チャンネルのいずれかを指定してください。"};
inline constexpr text no_word{"That is no word: nothing is left of it but signs.",
                              "ワードとして使える文字が含まれていません。"};
inline constexpr text no_domain{"That is no domain. Write it like example.com.",
                                "ドメインではありません。example.com のように入力してください。"};
inline constexpr text no_invite{"That is no invite. Write it like discord.gg/example.",
                                "招待ではありません。discord.gg/example のように入力してください。"};
inline constexpr text no_limit_there{"This rule has no such limit: it looks at one message by itself.",
                                     "このルールは1件のメッセージだけを見るため、その上限は設定できません。"};
inline constexpr text not_listed{
    "Nothing was changed, as this is not on the lists: {entries}. `/automod view` shows what is.",
    "リストにないため、変更していません: {entries}。登録内容は `/自動モデレーション 表示` で確認できます。"};
inline constexpr text some_not_listed{"This was not on the lists: {entries}.",
                                      "次のものはリストにありませんでした: {entries}。"};
inline constexpr text quoted{"\"{text}\"", "「{text}」"};
inline constexpr text rule_is_off{
    "The rule **{rule}** is off: `/automod rule` turns it on.",
    "ルール「{rule}」はオフです。`/自動モデレーション ルール` でオンにできます。"};
inline constexpr text breaks_nothing{"This text breaks no rule.", "この文章はルールに違反していません。"};
inline constexpr text breaks{"This text breaks the rule **{rule}**: {action}.{detail}",
                             "この文章はルール「{rule}」に違反しています: {action}。{detail}"};
inline constexpr text cannot_log{"Nothing was saved. {reason}", "保存していません。{reason}"};

inline constexpr text warned_flood{"{members}: please write more slowly.",
                                   "{members}: 連続投稿はお控えください。"};
inline constexpr text warned_duplicates{"{members}: please do not repeat the same message.",
                                        "{members}: 同じ内容の繰り返しはお控えください。"};
inline constexpr text warned_mentions{"{members}: please do not mention so many members at once.",
                                      "{members}: 一度に多くの人へメンションするのはお控えください。"};
inline constexpr text warned_invites{"{members}: invites to other servers are not allowed here.",
                                     "{members}: 他のサーバーへの招待はここでは禁止されています。"};
inline constexpr text warned_links{"{members}: such links are not allowed here.",
                                   "{members}: このリンクはここでは許可されていません。"};
inline constexpr text warned_words{"{members}: a word of your message is not allowed here.",
                                   "{members}: メッセージに使用できない言葉が含まれていました。"};

inline constexpr text log_deleted{"{member} in {channel}: deleted ({rule}){detail}",
                                  "{member} ({channel}): 削除({rule}){detail}"};
inline constexpr text log_warned{"{member} in {channel}: deleted and warned ({rule}){detail}",
                                 "{member} ({channel}): 削除と警告({rule}){detail}"};
inline constexpr text log_timed_out{"{member} in {channel}: deleted and timed out ({rule}){detail}",
                                    "{member} ({channel}): 削除とタイムアウト({rule}){detail}"};
inline constexpr text log_failed{
    "{member} in {channel}: found, but it could not be deleted ({rule}){detail}",
    "{member} ({channel}): 違反を検出しましたが、削除できませんでした({rule}){detail}"};
inline constexpr text log_more{"... and {count} more.", "…ほか{count}件"};

inline constexpr settings::choice_name actions[] = {
    {"off", {"Off", "オフ"}},
    {"delete", {"Delete", "削除"}},
    {"warn", {"Delete and warn", "削除して警告"}},
    {"timeout", {"Delete and time out", "削除してタイムアウト"}}};
inline constexpr settings::choice_name rules[] = {{"flood", {"Flood", "連投"}},
                                                  {"duplicates", {"Duplicates", "重複投稿"}},
                                                  {"mentions", {"Mass mentions", "大量メンション"}},
                                                  {"invites", {"Invites", "招待リンク"}},
                                                  {"links", {"Links", "リンク"}},
                                                  {"words", {"Words", "禁止ワード"}}};
inline constexpr settings::field fields[] = {
    settings::choice_field(
        "flood_action", actions, "off", {"Flood", "連投"},
        {"For many messages in a short time.", "短時間に多くのメッセージを送ったときの扱いです。"}),
    settings::integer_field(
        "flood_messages", {3, 30, "messages"}, 6, {"Flood: messages", "連投: メッセージ数"},
        {"So many within the time are too many.", "この件数に達すると連投とみなします。"}),
    settings::duration_field("flood_window", {2, 60}, 5, {"Flood: time", "連投: 時間"},
                             {"The time in which messages are counted.", "メッセージを数える時間です。"}),
    settings::choice_field("duplicates_action", actions, "off", {"Duplicates", "重複投稿"},
                           {"For the same text again and again.", "同じ内容を繰り返したときの扱いです。"}),
    settings::integer_field(
        "duplicates_count", {2, 20, "messages"}, 3, {"Duplicates: messages", "重複投稿: メッセージ数"},
        {"So many of the same text are too many.", "この件数に達すると重複とみなします。"}),
    settings::duration_field("duplicates_window", {10, 600}, 60, {"Duplicates: time", "重複投稿: 時間"},
                             {"The time in which they are counted.", "重複を数える時間です。"}),
    settings::choice_field(
        "mentions_action", actions, "off", {"Mass mentions", "大量メンション"},
        {"For many mentions in one message.", "1件のメッセージに多くのメンションがあるときの扱いです。"}),
    settings::integer_field("mentions_limit", {1, 50, "mentions"}, 5,
                            {"Mass mentions: allowed", "大量メンション: 許可する数"},
                            {"Different members and roles that a message may mention.",
                             "1件のメッセージで許可するメンションの数です。"}),
    settings::choice_field("invites_action", actions, "off", {"Invites", "招待リンク"},
                           {"For invites to servers.", "サーバーへの招待があるときの扱いです。"}),
    settings::list_of(settings::text_field("allowed_invites", 100, {}, {"Allowed invites", "許可する招待"},
                                           {"Invites that may be posted.", "投稿を許可する招待です。"}),
                      20, settings::repeats::refused),
    settings::choice_field("links_action", actions, "off", {"Links", "リンク"},
                           {"For links to other places than the allowed ones.",
                            "許可していないサイトへのリンクがあるときの扱いです。"}),
    settings::list_of(
        settings::text_field("allowed_links", 100, {}, {"Allowed links", "許可するリンク"},
                             {"Domains that links may lead to.", "リンクを許可するドメインです。"}),
        100, settings::repeats::refused),
    settings::choice_field("words_action", actions, "off", {"Words", "禁止ワード"},
                           {"For messages with a forbidden word.", "禁止ワードを含むときの扱いです。"}),
    settings::list_of(settings::text_field("words", 40, {}, {"Forbidden words", "禁止ワードの一覧"},
                                           {"Words that may not be written; * stands for any ending.",
                                            "使用を禁止する言葉です(* は任意の続き)。"}),
                      300, settings::repeats::refused),
    settings::duration_field("timeout", {60, 2'419'200}, 600, {"Time-out", "タイムアウトの長さ"},
                             {"How long members are timed out.", "メンバーをタイムアウトする長さです。"}),
    settings::list_of(settings::role_field("exempt_roles", {"Exempt roles", "除外ロール"},
                                           {"Their members may do all.", "ルールを適用しないロールです。"}),
                      50, settings::repeats::refused),
    settings::list_of(
        settings::channel_field("exempt_channels", {"Exempt channels", "除外チャンネル"},
                                {"No rule applies there.", "ルールを適用しないチャンネルです。"}),
        100, settings::repeats::refused),
    settings::channel_field("log_channel", {"Log channel", "記録用チャンネル"},
                            {"Where it is told what was done.", "処置を記録するチャンネルです。"},
                            settings::channel_use::posts),
};
inline constexpr settings::feature_schema schema{"automod", title, fields};
static_assert(settings::sound(schema));

}  // namespace guildfleet::features::automod_texts
