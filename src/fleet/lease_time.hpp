// Arithmetic of leases.
#pragma once

#include <chrono>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace guildfleet::fleet {

// Time since boot that goes on while the machine sleeps. A deadline by the steady clock would still stand
// after a suspend in which another node took the shard.
struct boot_clock {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<boot_clock>;
  static constexpr bool is_steady = true;
};
using boot_time = boot_clock::time_point;

[[nodiscard]] inline boot_time boot_now(const base::clock& clock) {
  return boot_time(clock.since_boot());
}

struct lease_timing {
  std::chrono::milliseconds ttl{15'000};  // asked of the store
  std::chrono::milliseconds renew_every{5'000};
  std::chrono::milliseconds margin{1'500};  // our own deadline is that much earlier than the store's
};

// Empty when sound: the renewal and one retry of it must fit before our own deadline.
[[nodiscard]] base::result<void> validate(const lease_timing& timing);

// Until when a lease may be used that was asked for (not answered) at `sent_at`: the store's term began
// later.
[[nodiscard]] boot_time own_deadline(boot_time sent_at, const lease_timing& timing);

// When to send the next renewal. After a failed one (`failures` in a row): sooner, at most a second later.
[[nodiscard]] boot_time time_to_renew(boot_time sent_at, const lease_timing& timing, int failures);

}  // namespace guildfleet::fleet
