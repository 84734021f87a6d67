// A sequence as it was some time ago: what a shard stores whose guilds another one still writes down. No I/O,
// no clock; one thread.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>

#include "base/clock.hpp"

namespace guildfleet::fleet {

class lagging_sequence final {
 public:
  explicit lagging_sequence(std::chrono::milliseconds lag) : lag_(lag) {}

  // A session begins from here.
  void restart(std::uint64_t sequence);

  // `low` is where it stands now; the answer is where it stood `lag` ago, or where it began. It stays where
  // it was as long as it may not advance, and for `lag` after that. Never goes back.
  [[nodiscard]] std::uint64_t at(base::steady_time now, std::uint64_t low, bool may_advance = true);

 private:
  std::chrono::milliseconds lag_;
  std::uint64_t told_ = 0;
  std::deque<std::pair<base::steady_time, std::uint64_t>> seen_;
};

}  // namespace guildfleet::fleet
