// How fast a process grows, from its memory over time; single peaks count little.
#pragma once

#include <span>

#include "fleet/release_samples.hpp"

namespace guildfleet::fleet {

struct slope_estimate {
  double bytes_per_minute = 0;  // Theil and Sen: the median of the slopes between all pairs
  double at_least = 0;          // its one-sided lower bound (Sen 1968), at `z` standard deviations
};

// Long series are thinned out first. Zero of fewer than 3 points. `z`: how sure the lower bound is.
[[nodiscard]] slope_estimate slope_of(std::span<const memory_point> series, double z);

// Between the medians of the first and the last third of the series.
[[nodiscard]] double growth_of(std::span<const memory_point> series);

}  // namespace guildfleet::fleet
