// How long something lasts, as people write it.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace guildfleet::features {

// "10m", "1h30m", "2 days", "1週間", "30分"; a number alone is minutes. nullopt: it is none, is nothing, or
// is more than ten years.
[[nodiscard]] std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace guildfleet::features
