// When to send heartbeats, and whether the peer still answers (protocol sheet 1.5).
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"

namespace guildfleet::discord {

class heartbeat final {
 public:
  // Hello came. `jitter` in [0, 1) puts the first beat somewhere into the first interval.
  void start(std::chrono::milliseconds interval, double jitter, base::steady_time now);
  // The connection is gone.
  void stop() { running_ = false; }

  [[nodiscard]] bool running() const { return running_; }
  // time_point::max() when not running.
  [[nodiscard]] base::steady_time due() const { return running_ ? due_ : base::steady_time::max(); }
  // The next beat is due and the one before has no ACK: the connection is half open.
  [[nodiscard]] bool is_zombie(base::steady_time now) const {
    return running_ && awaiting_ack_ && now >= due_;
  }

  // A periodic beat was sent: the next one is due an interval later. After a stall missed beats are skipped.
  void sent(base::steady_time now);
  // A beat that the server asked for was sent: the periodic timer stays.
  void sent_on_request(base::steady_time now) { last_sent_ = now; }
  void acked(base::steady_time now);

  [[nodiscard]] std::optional<std::chrono::nanoseconds> latency() const { return latency_; }

 private:
  bool running_ = false;
  bool awaiting_ack_ = false;
  std::chrono::milliseconds interval_{0};
  base::steady_time due_{};
  base::steady_time last_sent_{};
  std::optional<std::chrono::nanoseconds> latency_;
};

}  // namespace guildfleet::discord
