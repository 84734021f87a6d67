// Waiting for a condition inside one reactor.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include "net/io.hpp"

namespace guildfleet::net {

// A latch that coroutines of one reactor wait on. notify() wakes all that wait now; a notification with nobody
// waiting is remembered for the next wait (one, not counted).
class async_event final {
 public:
  explicit async_event(asio::any_io_executor executor);
  void notify();
  // True: notified. False: the deadline passed or the coroutine was cancelled.
  [[nodiscard]] task<bool> wait(deadline until);

 private:
  asio::steady_timer timer_;
  bool notified_ = false;
  std::uint64_t generation_ = 0;
};

// Sleeps until `until`; false when the coroutine was cancelled meanwhile.
[[nodiscard]] task<bool> sleep_until(deadline until);

}  // namespace guildfleet::net
