// The whole plan of a fleet: shards, nodes, times, memory, budgets and costs of each bot, now and as it
// grows. Everything is computed from its arguments; docs/planning.md has each formula with its source.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/plan/budget_plan.hpp"
#include "ops/plan/capacity_plan.hpp"
#include "ops/plan/cost_plan.hpp"
#include "ops/plan/shard_plan.hpp"
#include "ops/plan/start_plan.hpp"

namespace guildfleet::ops {

// What Discord said of a bot (GET /gateway/bot).
struct discord_figures {
  std::uint32_t shards = 1;  // recommended
  fleet::session_start_limit limit{};
};

struct planned_bot {
  std::string name{};
  std::uint64_t guilds = 0;
  std::optional<discord_figures> discord{};
  std::optional<std::uint32_t> configured_shards{};  // bots[].shards
  double identify_floor = 0.2;                       // bots[].identify_floor
  bool zstd = true;                                  // bots[].compression is zstd-stream
};

struct plan_question {
  std::vector<planned_bot> bots{};
  double headroom = 0.5;
  double growth = 0.05;  // of the guilds, a month
  std::uint32_t months = 12;
  std::optional<double> events_per_guild{};    // in a minute
  std::optional<double> requests_per_guild{};  // in a minute
  std::optional<std::uint32_t> max_concurrency{};
  std::optional<std::uint32_t> shard_multiple{};
  double node_memory = 256.0 * (1 << 20);  // deploy.memory_mib
  double node_cores = 1;                   // deploy.cpus
  std::uint32_t least_nodes = 1;           // of each bot
  bool survives_a_node = true;
  bool uses_database = true;
  bool one_node = false;  // a bot's data is in files of one machine: more nodes would not share them
  unsigned connections_per_node = 4;  // store.connections
  bool listens = true;                // store.listen
  std::uint32_t max_connections = 100;
  measured_costs costs{};
};

struct growth_point {
  std::uint32_t month = 0;
  std::uint64_t guilds = 0;
  bool cut = false;  // more would grow than most_planned_guilds
  std::uint32_t shards = 1;
  std::uint32_t common_rule = 1;
  double bytes = 0;  // of all nodes that carry it
  std::chrono::milliseconds cold_start{0};
};

struct bot_plan {
  planned_bot bot{};
  std::uint32_t max_concurrency = 1;
  bool max_concurrency_is_a_guess = false;
  shard_plan shards{};
  // Until the recommended count is full; nullopt: not within ten years.
  std::optional<double> lasts_months{};
  start_plan start{};
  node_plan nodes{};
  double bytes = 0;  // of all carriers together
  std::optional<double> events_per_s{};
  request_plan requests{};
  identify_plan identifies{};
  std::vector<growth_point> growth{};
  std::vector<std::string> warnings{};
};

struct fleet_plan {
  std::vector<bot_plan> bots{};
  std::uint32_t nodes = 0;  // processes, of all bots
  std::optional<connection_plan> connections{};
  std::vector<platform_cost> costs{};
  std::vector<std::string> warnings{};
};

// `prices` outlives the answer. Bots have 1 to most_planned_guilds guilds.
[[nodiscard]] fleet_plan plan_fleet(const plan_question& question, const price_list& prices,
                                    base::wall_time now);

}  // namespace guildfleet::ops
