// A schema with every kind of field, for tests.
#pragma once

#include "settings/schema.hpp"

namespace guildfleet::settings::testing_schema {

inline constexpr choice_name moods[] = {{"calm", {"Calm", "穏やか"}}, {"loud", {"Loud", "にぎやか"}}};

inline constexpr field embed_members[] = {
    text_field("label", 5, "new", {"Label", "見出し"}, {"Shown first.", "最初に表示します。"}),
    integer_field("weight", {1, 10, ""}, std::nullopt, {"Weight", "重み"}, {"Order.", "順序です。"}),
};

inline constexpr field fields[] = {
    boolean_field("enabled", false, {"Enabled", "有効"}, {"Whether it acts.", "動作するかどうか。"}),
    integer_field("limit", {1, 100, "messages"}, 10, {"Limit", "上限"}, {"At most.", "最大です。"}),
    text_field("welcome_text", 20, "Hello", {"Text", "文"}, {"Said.", "話す文です。"}),
    choice_field("mood", moods, "calm", {"Mood", "雰囲気"}, {"How.", "どのように。"}),
    duration_field("pause", {0, 86'400, ""}, 90, {"Pause", "間隔"}, {"Between.", "間の時間です。"}),
    channel_field("channel", {"Channel", "チャンネル"}, {"Where.", "どこに。"}),
    list_of(role_field("roles", {"Roles", "ロール"}, {"Who.", "だれに。"}), 3, repeats::refused),
    list_of(text_field("words", 10, std::nullopt, {"Words", "単語"}, {"Which.", "どれを。"}), 1000,
            repeats::allowed),
    list_of_objects("embeds", embed_members, 2, {"Embeds", "埋め込み"}, {"Parts.", "部分です。"}),
};

inline constexpr feature_schema welcome{"welcome", {"Welcome", "歓迎"}, fields};
static_assert(sound(welcome));

inline constexpr field other_fields[] = {
    boolean_field("enabled", true, {"Enabled", "有効"}, {"Whether it acts.", "動作するかどうか。"}),
};
inline constexpr feature_schema other{"other", {"Other", "その他"}, other_fields};
static_assert(sound(other));

}  // namespace guildfleet::settings::testing_schema
