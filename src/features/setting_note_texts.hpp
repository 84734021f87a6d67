// What is said of settings that may be saved, but are not what they seem.
#pragma once

#include "features/text.hpp"

namespace guildfleet::features::setting_note_texts {

inline constexpr text no_voice_channel{"{channel} is no voice channel.",
                                       "{channel} はボイスチャンネルではありません。"};
inline constexpr text no_category{"{channel} is no category.", "{channel} はカテゴリーではありません。"};
inline constexpr text unknown_names{
    "These placeholders are not known and stay as they are: {names}\nKnown ones: {known}",
    "次のプレースホルダーは使えないため、そのまま表示されます: {names}\n使えるもの: {known}"};

}  // namespace guildfleet::features::setting_note_texts
