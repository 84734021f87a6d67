// What happens to a job: when it is claimed, and what its end means. No I/O.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace guildfleet::jobs {

struct job_limits {
  std::uint32_t in_flight = 16;             // handlers of one bot on one node at once
  std::uint32_t starts_per_second = 25;     // overdue jobs begin at this pace, half of Discord's global limit
  std::chrono::milliseconds lease{60'000};  // extended while the handler runs
  std::chrono::milliseconds look_again{30'000};  // for jobs that other nodes scheduled
  std::uint32_t max_attempts = 100;              // failed ones: about a day, as outages last
  std::chrono::milliseconds first_pause{5'000};
  std::chrono::milliseconds longest_pause{900'000};
  std::chrono::milliseconds stop_limit{5'000};  // for handlers that run when the node stops
};

// How a handler ended.
struct job_done {};
struct job_again {
  base::wall_time due;  // the same job, later: a repeating timer
};
struct job_failed {
  std::string why;         // for the operator; holds no secret
  bool permanent = false;  // trying again cannot help
};
// It could not begin, or was cut off, through no fault of its own: the same run goes on, perhaps on another
// node, and its effects keep their identity (after job_again they are new ones).
struct job_put_back {
  base::wall_time due;
  std::string why;
};
using job_outcome = std::variant<job_done, job_again, job_failed, job_put_back>;

// What is written into the store.
struct finish_job {
  bool operator==(const finish_job&) const = default;
};
struct postpone_job {
  base::wall_time due;
  std::string error;
  bool operator==(const postpone_job&) const = default;
};
struct put_back_job {  // this attempt does not count
  base::wall_time due;
  std::string why;
  bool operator==(const put_back_job&) const = default;
};
struct bury_job {
  std::string error;
  bool operator==(const bury_job&) const = default;
};
using job_verdict = std::variant<finish_job, postpone_job, put_back_job, bury_job>;

// A failure is tried again after a pause that doubles, with jitter, until `max_attempts`. `attempt` counts
// from 1.
[[nodiscard]] job_verdict judge(const job_outcome& outcome, std::uint32_t attempt, base::wall_time now,
                                const job_limits& limits, base::random_source& random);

// How long until the store is asked again: at the next due time, but at the latest after look_again.
[[nodiscard]] std::chrono::milliseconds time_to_sleep(std::optional<std::chrono::milliseconds> next_due,
                                                      const job_limits& limits);

// The pace of starts: at most `per_second` in a burst, then one each 1/per_second. It begins without a burst:
// a predecessor that was killed may have just used this second's requests.
class start_pace final {
 public:
  start_pace(std::uint32_t per_second, base::steady_time now);

  // Starts that are allowed now.
  [[nodiscard]] std::uint32_t available(base::steady_time now);
  void take(std::uint32_t count);
  // When the next one is allowed.
  [[nodiscard]] base::steady_time next_at() const;

 private:
  double per_second_;
  double tokens_ = 0;
  base::steady_time filled_at_;
};

}  // namespace guildfleet::jobs
