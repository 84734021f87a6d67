#include "ops/plan/start_plan.hpp"

#include <algorithm>

#include "fleet/reshard.hpp"

namespace guildfleet::ops {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// docs/benchmarks.md: a restart takes 0.6 s with 16 guilds, 2.3 s with 20,000; 64 shards add 1.2 s. A
// hand-over of 100 shards on PostgreSQL takes 228 ms.
constexpr milliseconds restart_of_a_process{600};
constexpr microseconds restart_of_a_guild{90};
constexpr milliseconds restart_of_a_shard{20};
constexpr microseconds hand_over_of_a_shard{2'300};

}  // namespace

start_plan plan_start(std::uint64_t guilds, std::uint32_t shards, std::uint32_t max_concurrency) {
  const std::uint32_t buckets = std::max(1U, max_concurrency);
  start_plan out;
  out.turns = std::max(1U, (shards + buckets - 1) / buckets);
  out.at_least = fleet::identify_time(shards, buckets, {});
  out.expected = (out.turns - 1) * time_of_a_turn + time_of_a_connection;
  out.resume = restart_of_a_process + shards * restart_of_a_shard +
               std::chrono::round<milliseconds>(static_cast<std::int64_t>(guilds) * restart_of_a_guild);
  out.handed_over = std::chrono::ceil<milliseconds>(shards * hand_over_of_a_shard);
  return out;
}

}  // namespace guildfleet::ops
