#include "fleet/lease_time.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "fleet/error.hpp"

namespace guildfleet::fleet {

using std::chrono::milliseconds;

base::result<void> validate(const lease_timing& timing) {
  const bool positive =
      timing.ttl > milliseconds(0) && timing.renew_every > milliseconds(0) && timing.margin > milliseconds(0);
  if (positive && 2 * timing.renew_every + timing.margin <= timing.ttl) return {};
  return base::fail(fleet_error::lease_times,
                    fmt::format("lease times: ttl {} ms, renew every {} ms, margin {} ms", timing.ttl.count(),
                                timing.renew_every.count(), timing.margin.count()),
                    "Choose positive times with 2 x renew + margin <= ttl, for example 15 s, 5 s and 1.5 s.");
}

boot_time own_deadline(boot_time sent_at, const lease_timing& timing) {
  return sent_at + timing.ttl - timing.margin;
}

boot_time time_to_renew(boot_time sent_at, const lease_timing& timing, int failures) {
  if (failures == 0) return sent_at + timing.renew_every;
  return sent_at + std::min(milliseconds(1000), timing.renew_every);
}

}  // namespace guildfleet::fleet
