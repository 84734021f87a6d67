// How long a bot's shards take to connect. Discord takes one IDENTIFY in five seconds from each of
// max_concurrency buckets (protocol sheet 1.6); a RESUME is not limited. Beside that stand measured times
// (docs/benchmarks.md), for what Discord allows is not what a start takes.
#pragma once

#include <chrono>
#include <cstdint>

namespace guildfleet::ops {

struct start_plan {
  std::uint32_t turns = 1;                   // shards / max_concurrency, rounded up
  std::chrono::milliseconds at_least{0};     // by Discord's limit and our margin
  std::chrono::milliseconds expected{0};     // as measured, until the last shard is there
  std::chrono::milliseconds resume{0};       // all sessions, by a process that is stopped and started again
  std::chrono::milliseconds handed_over{0};  // all shards, to nodes that stand by
};

// Measured: 684 s for 125 turns of 2,000 shards, the slower of two runs.
inline constexpr std::chrono::milliseconds time_of_a_turn{5'500};
inline constexpr std::chrono::milliseconds time_of_a_connection{1'000};

[[nodiscard]] start_plan plan_start(std::uint64_t guilds, std::uint32_t shards,
                                    std::uint32_t max_concurrency);

}  // namespace guildfleet::ops
