// How many messages a connection may send: 120 in any 60 s, of every opcode (protocol sheet 1.12).
#pragma once

#include <array>
#include <cstddef>

#include "base/clock.hpp"

namespace guildfleet::sim {

// A sliding log of the last `Size` times.
template <std::size_t Size>
class sliding_budget final {
 public:
  explicit sliding_budget(std::chrono::milliseconds window) : window_(window) {}

  // False: this one is over the limit, and is not counted.
  [[nodiscard]] bool take(base::steady_time now) {
    base::steady_time& oldest = times_[next_];
    if (used_ == Size && now - oldest < window_) return false;
    oldest = now;
    next_ = (next_ + 1) % Size;
    if (used_ < Size) ++used_;
    return true;
  }

 private:
  std::chrono::milliseconds window_;
  std::array<base::steady_time, Size> times_{};
  std::size_t next_ = 0;  // the oldest once the log is full
  std::size_t used_ = 0;
};

}  // namespace guildfleet::sim
