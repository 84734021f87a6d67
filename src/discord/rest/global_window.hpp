// The bot's global limit of requests a second (protocol sheet 2.4), kept in Discord's own time: what counts
// is when a request arrives there, and that is known only within bounds.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>

#include "base/clock.hpp"

namespace guildfleet::discord {

// Arithmetic only; one thread. A process that is not scheduled between the decision to send and the write, or
// a request that waits for a connection, lets requests arrive late: a second counted from the decision would
// be too short. So a request counts until its answer, and from then on as if it had arrived as late as it
// may.
class global_window final {
 public:
  // Wider than Discord's second: requests spread by the network must not fall into one window.
  explicit global_window(std::chrono::milliseconds length) : length_(length) {}

  void on_sent(base::steady_time now);
  // The request of `sent` has its answer: it arrived at the latest the shortest round trip before that.
  void on_answered(base::steady_time sent, base::steady_time now);
  // The request of `sent` ended without an answer, now; it may have arrived.
  void on_lost(base::steady_time sent, base::steady_time now);
  // When fewer than `most` count; `most` is at least 1. A time of the past: now. steady_time::max(): not
  // before a request ends.
  [[nodiscard]] base::steady_time free_at(std::size_t most) const;

 private:
  void settle(base::steady_time sent, base::steady_time arrived);

  std::chrono::milliseconds length_;
  std::size_t under_way_ = 0;
  std::multiset<base::steady_time> ends_;  // when each of the others ceases to count
  std::optional<base::steady_time::duration> shortest_;
};

}  // namespace guildfleet::discord
