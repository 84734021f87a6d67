// How long Discord times members out.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.hpp"

namespace guildfleet::features {

inline constexpr std::chrono::days longest_timeout{28};

// The end of one that begins now; Discord refuses what is too long by its own clock.
[[nodiscard]] inline base::wall_time end_of_timeout(base::wall_time now, std::chrono::seconds lasts) {
  constexpr std::chrono::minutes clocks_differ{1};
  return now + std::min<std::chrono::seconds>(lasts, longest_timeout - clocks_differ);
}

}  // namespace guildfleet::features
