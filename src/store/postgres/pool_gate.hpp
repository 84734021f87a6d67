// Decides how a connection is got: one that rests, a new one, by waiting, or not at all.
#pragma once

#include <cstddef>

#include "base/backoff.hpp"
#include "base/clock.hpp"

namespace guildfleet::store {

enum class pool_answer {
  take_idle,         // then took_idle()
  connect,           // then connecting(), and connected() or connect_failed()
  wait,              // all are in use; then began_waiting() and ended_waiting()
  too_many_waiting,  // the queue is full
  backing_off        // the server did not answer a moment ago
};

// A plain class: no thread, no clock, no I/O.
class pool_gate final {
 public:
  struct limits {
    std::size_t connections = 4;
    std::size_t waiting = 64;
    // The cap is how late the server's return may be noticed.
    base::backoff_settings pauses{.first = std::chrono::milliseconds(100),
                                  .cap = std::chrono::milliseconds(2000)};
  };

  explicit pool_gate(limits settings) : limits_(settings), backoff_(settings.pauses) {}

  // While the server does not answer, one caller at a time tries it, after a growing pause; the others are
  // told so at once.
  [[nodiscard]] pool_answer ask(base::steady_time now) const;

  void took_idle();
  void connecting() { ++connecting_; }
  void connected();
  void connect_failed(base::steady_time now, base::random_source& random);
  void began_waiting() { ++waiting_; }
  void ended_waiting() { --waiting_; }
  void returned() { --in_use_, ++idle_; }
  void discarded() { --in_use_; }  // one that was in use
  void discarded_idle() { --idle_; }

  [[nodiscard]] std::size_t in_use() const { return in_use_; }
  [[nodiscard]] std::size_t idle() const { return idle_; }
  [[nodiscard]] std::size_t waiting() const { return waiting_; }

 private:
  limits limits_;
  base::backoff backoff_;
  base::steady_time try_again_at_{};
  std::size_t idle_ = 0;
  std::size_t in_use_ = 0;
  std::size_t connecting_ = 0;
  std::size_t waiting_ = 0;
};

}  // namespace guildfleet::store
