// Stops a client that makes the same kind of mistake again and again.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

#include "base/clock.hpp"

namespace guildfleet::discord {

// Trips at the fifth event within ten minutes.
class circuit_breaker final {
 public:
  static constexpr std::size_t events_to_trip = 5;
  static constexpr std::chrono::minutes window{10};

  // True when this event trips the breaker.
  [[nodiscard]] bool record(base::steady_time now) {
    const base::steady_time oldest = times_[next_];
    const bool full = count_ == events_to_trip - 1;
    times_[next_] = now;
    next_ = (next_ + 1) % times_.size();
    if (!full) ++count_;
    return full && now - oldest < window;
  }

 private:
  std::array<base::steady_time, events_to_trip - 1> times_{};  // the latest events, a ring
  std::size_t next_ = 0;
  std::size_t count_ = 0;
};

}  // namespace guildfleet::discord
