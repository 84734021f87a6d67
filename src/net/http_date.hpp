// The Date header (RFC 9110, 5.6.7), and what it tells of another machine's clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace guildfleet::net {

// "Sun, 06 Nov 1994 08:49:37 GMT", and the two obsolete forms, "Sunday, 06-Nov-94 08:49:37 GMT" and
// "Sun Nov  6 08:49:37 1994". A year of two digits is the one nearest to `now` that is not more than 50 years
// ahead. nullopt: it is none of them. The day of the week is not compared with the date.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text,
                                                                      base::wall_time now);

// In the first form.
[[nodiscard]] std::string http_date(std::chrono::sys_seconds time);

// By how much another clock is ahead of ours; it lies between the two.
struct clock_bounds {
  std::chrono::milliseconds at_least{0};
  std::chrono::milliseconds at_most{0};

  // Both hold. Nothing in common, as when a clock was set in between: `other` counts.
  [[nodiscard]] clock_bounds with(const clock_bounds& other) const;
};

// Of an answer that was asked for at `sent`, came at `received` (both by our clock) and says `date`: its
// sender made it in between, and cut its clock's time to seconds.
[[nodiscard]] clock_bounds clock_bounds_of(std::chrono::sys_seconds date, base::wall_time sent,
                                           base::wall_time received);

}  // namespace guildfleet::net
