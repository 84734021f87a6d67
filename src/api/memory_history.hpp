// A node's memory over the last day, a sample a minute, in memory alone.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "bot/fleet_status.hpp"

namespace guildfleet::api {

// One thread.
class memory_history final {
 public:
  static constexpr std::chrono::minutes sampled_every{1};
  static constexpr std::size_t most_samples = std::size_t{24} * 60;  // about 120 kB
  // In the order of a sample's figures. live: what the program has; free: what the allocator keeps beyond it.
  static constexpr std::array<std::string_view, 7> part_names{
      "resident", "live", "free", "guild_state", "queued_events", "ledger", "settings_cache"};

  struct sample {
    base::wall_time at{};
    std::uint64_t guilds = 0;
    std::array<std::uint64_t, part_names.size()> bytes{};
  };

  // The oldest goes when there are too many.
  void add(const sample& one);
  [[nodiscard]] std::size_t size() const { return samples_.size(); }

  // {"node", "uptime" (seconds), "interval_s", "parts": [names], "rows": [[unix milliseconds, guilds,
  // bytes...]]}
  [[nodiscard]] std::string json(std::string_view node, std::chrono::seconds uptime) const;

 private:
  std::deque<sample> samples_;
};

// What the process and its parts take now.
[[nodiscard]] memory_history::sample sample_memory(const bot::memory_parts& parts, base::wall_time now);

}  // namespace guildfleet::api
