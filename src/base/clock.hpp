// Time as an argument. Deciders take a time_point; shells read it from a clock that tests replace.
#pragma once

#include <chrono>
#include <string>

namespace guildfleet::base {

using steady_time = std::chrono::steady_clock::time_point;
using wall_time = std::chrono::sys_time<std::chrono::milliseconds>;

// Thread-safe: may be read from any thread.
class clock {
 public:
  virtual ~clock() = default;
  // Monotonic, stops while the machine sleeps: for time-outs within this process.
  [[nodiscard]] virtual steady_time steady_now() const = 0;
  // Time of day: for what people read and what Discord compares.
  [[nodiscard]] virtual wall_time wall_now() const = 0;
  // Time since boot including sleep, same for all processes of this machine: for leases in a local store.
  [[nodiscard]] virtual std::chrono::milliseconds since_boot() const = 0;
};

class system_clock final : public clock {
 public:
  [[nodiscard]] steady_time steady_now() const override;
  [[nodiscard]] wall_time wall_now() const override;
  [[nodiscard]] std::chrono::milliseconds since_boot() const override;
};

// A clock that stands still until it is told to move. Not for concurrent use.
class manual_clock final : public clock {
 public:
  [[nodiscard]] steady_time steady_now() const override { return steady_; }
  [[nodiscard]] wall_time wall_now() const override { return wall_; }
  [[nodiscard]] std::chrono::milliseconds since_boot() const override { return boot_; }
  void advance(std::chrono::milliseconds by) {
    steady_ += by;
    wall_ += by;
    boot_ += by;
  }

 private:
  steady_time steady_{std::chrono::hours(1)};
  wall_time wall_{std::chrono::milliseconds(1'800'000'000'000)};
  std::chrono::milliseconds boot_{std::chrono::hours(1)};
};

// "2026-11-23T09:15:00.123Z"
[[nodiscard]] std::string iso8601(wall_time time);

}  // namespace guildfleet::base
