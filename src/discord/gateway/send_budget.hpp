// Discord allows 120 messages per 60 s and connection, heartbeats included (protocol sheet 1.12).
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

#include "base/clock.hpp"

namespace guildfleet::discord {

// Of one message to the gateway, in bytes.
inline constexpr std::size_t largest_gateway_payload = 4096;

enum class send_kind : unsigned char { heartbeat, handshake, ordinary };

// A sliding log of send times; belongs to one connection. Ordinary messages leave room for the heartbeats of
// a window, those the server asks for included.
class send_budget final {
 public:
  static constexpr std::size_t limit = 120;
  static constexpr std::chrono::seconds window{60};

  // A new connection: nothing was sent on it.
  void reset();
  void set_heartbeat_interval(std::chrono::milliseconds interval);

  [[nodiscard]] bool allows(send_kind kind, base::steady_time now) const;
  // The earliest time at which `kind` is allowed; `now` when it is allowed already.
  [[nodiscard]] base::steady_time allowed_at(send_kind kind, base::steady_time now) const;
  void record(base::steady_time now);

  [[nodiscard]] std::size_t reserved() const { return reserved_; }

 private:
  [[nodiscard]] std::size_t limit_of(send_kind kind) const;
  [[nodiscard]] base::steady_time nth_newest(std::size_t n) const;

  std::array<base::steady_time, limit> times_{};  // a ring
  std::size_t next_ = 0;
  std::size_t count_ = 0;  // entries in use
  std::size_t reserved_ = 0;
};

// 2 * ceil(60 s / interval) + 1, at most 100 so that ordinary messages never starve.
[[nodiscard]] std::size_t heartbeats_to_reserve(std::chrono::milliseconds interval);

}  // namespace guildfleet::discord
