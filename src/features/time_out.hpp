// How long Discord times members out, and what a member's time-out is now, as only Discord knows.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace guildfleet::features {

inline constexpr std::chrono::days longest_timeout{28};

// The end of one that begins now; Discord refuses what is too long by its own clock.
[[nodiscard]] inline base::wall_time end_of_timeout(base::wall_time now, std::chrono::seconds lasts) {
  constexpr std::chrono::minutes clocks_differ{1};
  return now + std::min<std::chrono::seconds>(lasts, longest_timeout - clocks_differ);
}

// `member`: as GET /guilds/{id}/members/{id} answers. nullopt: none is set; one that is over may be.
[[nodiscard]] std::optional<base::wall_time> timed_out_until(std::string_view member);

}  // namespace guildfleet::features
