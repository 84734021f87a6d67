// The bot's global limit of requests a second (protocol sheet 2.4), kept in Discord's own time: what counts
// is when a request arrives there, and that is known only within bounds.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>

#include "base/clock.hpp"

namespace guildfleet::discord {

struct global_window_settings {
  // Wider than Discord's second: requests spread by the network must not fall into one window.
  std::chrono::milliseconds window{1050};
  // A request without an answer counts for so long: it may have arrived late, but not later than this.
  std::chrono::milliseconds unanswered{3000};
};

// Arithmetic only; one thread. A process that is not scheduled between the decision to send and the write
// lets its requests arrive late, so that a second counted from the decision alone would be too short.
class global_window final {
 public:
  explicit global_window(global_window_settings settings) : settings_(settings) {}

  void on_sent(base::steady_time now);
  // The request of `sent` has its answer: it arrived at the latest the shortest round trip before that.
  void on_answered(base::steady_time sent, base::steady_time now);
  // The request of `sent` ended without an answer, now.
  void on_lost(base::steady_time sent, base::steady_time now);
  // When fewer than `most` count; `most` is at least 1. A time of the past: now.
  [[nodiscard]] base::steady_time free_at(std::size_t most) const;

 private:
  void settle(base::steady_time sent, base::steady_time arrived, base::steady_time now);
  void forget_until(base::steady_time now);

  global_window_settings settings_;
  std::multiset<base::steady_time> ends_;  // when each request ceases to count
  std::optional<base::steady_time::duration> shortest_;
};

}  // namespace guildfleet::discord
