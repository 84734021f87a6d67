// Decides what the service manager that started this process is told, and when. No I/O.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "bot/fleet_status.hpp"

namespace guildfleet::cli {

// The lines are those of sd_notify(3). READY=1 tells that the stores are open and the HTTP face answers; that
// Discord is reached is in STATUS= only: a start with many shards takes as long as identifies may take, and a
// manager that ends what is not ready in time would end it, again and again, while Discord is away.
class service_notices final {
 public:
  // `watchdog`: without a sign of life for so long the manager ends the process; nullopt: it does not.
  explicit service_notices(std::optional<std::chrono::microseconds> watchdog);

  // What is to be said now, a line each; empty: nothing. The first look is when the node serves.
  [[nodiscard]] std::string look(const bot::fleet_snapshot& snapshot, base::steady_time now);
  // When to look again at the latest.
  [[nodiscard]] base::steady_time next_look() const { return next_look_; }

 private:
  [[nodiscard]] std::string stop_lines(const bot::fleet_snapshot& snapshot);
  [[nodiscard]] std::string sign_of_life(const bot::fleet_snapshot& snapshot, base::steady_time now);

  std::optional<std::chrono::microseconds> half_watchdog_;
  base::steady_time next_sign_{};
  base::steady_time next_look_{};
  bool ready_told_ = false;
  bool stop_told_ = false;
  std::size_t held_ = 0;  // shards, when it was looked last while stopping
  std::string status_;
};

}  // namespace guildfleet::cli
