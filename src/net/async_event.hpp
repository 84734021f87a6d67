// Waiting for a condition inside one reactor.
#pragma once

#include <memory>

#include "net/io.hpp"

namespace guildfleet::net {

// A latch that coroutines of one reactor wait on. notify() wakes all that wait now; a notification with
// nobody waiting is remembered for the next wait (one, not counted). Destroying it wakes the waiters with
// false.
class async_event final {
 public:
  explicit async_event(asio::any_io_executor executor);
  ~async_event();
  async_event(const async_event&) = delete;
  async_event& operator=(const async_event&) = delete;

  void notify();
  // True: notified. False: the deadline passed or the coroutine was cancelled.
  [[nodiscard]] task<bool> wait(deadline until);
  // As wait(), but a cancelled coroutine waits on: for joins that must not leave early.
  [[nodiscard]] task<bool> wait_uncancelled(deadline until);

 private:
  struct state;
  std::shared_ptr<state> state_;
};

// Sleeps until `until`; false when the coroutine was cancelled meanwhile.
[[nodiscard]] task<bool> sleep_until(deadline until);

}  // namespace guildfleet::net
