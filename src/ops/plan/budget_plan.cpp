#include "ops/plan/budget_plan.hpp"

#include <algorithm>

#include "ops/plan/shard_plan.hpp"

namespace guildfleet::ops {

std::uint32_t identifies_of_a_day(std::uint64_t guilds) {
  if (!is_large_bot(guilds)) return 1'000;
  return static_cast<std::uint32_t>(std::max(std::uint64_t{2'000}, guilds / 1'000 * 5));
}

std::uint32_t usual_max_concurrency(std::uint64_t guilds) {
  return is_large_bot(guilds) ? 16 : 1;
}

identify_plan plan_identifies(const identify_question& question) {
  const std::uint32_t shards = std::max(1U, question.shards);
  identify_plan out{.total = question.limit.total};
  out.floor = fleet::identify_floor(question.limit, shards, question.floor_share);
  const auto times = [&](std::uint32_t identifies) { return (out.total - out.floor) / identifies; };
  out.uses = {{"hand-over by resume (rolling, canary, blue-green)", 0},
              {"rolling, each node begins new sessions", shards, times(shards)},
              {"blue-green with a cold start", shards, times(shards)},
              {"another number of shards (reshard)", shards, times(shards)}};
  out.crashes_until_reset = out.total / shards + 1;
  out.time_until_reset = out.crashes_until_reset * question.cold_start;
  return out;
}

request_plan plan_requests(std::uint64_t guilds, std::optional<double> per_guild) {
  const auto count = static_cast<double>(guilds);
  request_plan out{.seconds_per_guild = count / requests_per_second};
  if (per_guild) out.per_second = count * *per_guild / 60;
  return out;
}

connection_plan plan_connections(const connection_question& question) {
  const std::uint32_t each = question.per_node + (question.listens ? 1 : 0);
  connection_plan out{.usual = question.nodes * each};
  out.in_a_rollout = 2 * out.usual;
  out.usable = question.max_connections > connections_kept ? question.max_connections - connections_kept : 0;
  return out;
}

}  // namespace guildfleet::ops
