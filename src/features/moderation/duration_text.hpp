// How long something lasts, as people write it.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace guildfleet::features {

inline constexpr std::chrono::seconds longest_duration = std::chrono::days(3'653);  // ten years

// "10m", "1h30m", "2 days", "1週間", "30分"; a number alone is minutes. nullopt: it is none, or is nothing.
// What is longer than longest_duration is given as a second more than that.
[[nodiscard]] std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace guildfleet::features
