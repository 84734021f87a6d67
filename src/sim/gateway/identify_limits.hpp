// The two limits on IDENTIFY of one bot: a bucket per `shard_id % max_concurrency` that takes one in 5 s, and
// the total of a day (protocol sheet 1.6).
#pragma once

#include <unordered_map>

#include "base/clock.hpp"
#include "sim/ports.hpp"

namespace guildfleet::sim {

enum class identify_verdict {
  allowed,
  too_soon,   // answered by op 9, counted as a violation of the window
  exhausted,  // over the day's total: every session ends and the token is reset
};

class identify_limits final {
 public:
  // `tolerance` absorbs that the server may take the first of two identifies late and the second in time.
  identify_limits(std::chrono::milliseconds interval, std::chrono::milliseconds tolerance)
      : interval_(interval), tolerance_(tolerance) {}

  [[nodiscard]] identify_verdict identify(int shard, int max_concurrency, int total, base::steady_time now);
  [[nodiscard]] event_sink::start_limit limit(int max_concurrency, int total, base::steady_time now) const;

 private:
  std::chrono::milliseconds interval_;
  std::chrono::milliseconds tolerance_;
  std::unordered_map<int, base::steady_time> last_of_bucket_;
  int used_ = 0;
  base::steady_time window_ends_{};
};

}  // namespace guildfleet::sim
