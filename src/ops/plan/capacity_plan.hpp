// What bots need of memory and processors, by measured figures (docs/benchmarks.md), and how many nodes that
// makes.
#pragma once

#include <cstdint>
#include <string_view>

namespace guildfleet::ops {

// Measured with bench/guilds, bench/idle and bench/gateway.
struct measured_costs {
  double node_bytes = 18e6;     // a process with one bot, TLS and traffic
  double bot_bytes = 0.3e6;     // each further bot
  double guild_bytes = 3.4e3;   // 20 channels, 15 roles, 10 emojis
  double shard_bytes = 0.12e6;  // its connection
  double zstd_bytes = 0.7e6;    // the window of zstd-stream, for each shard
  double shard_cpu = 72e-6;     // of a core: heartbeats and the like
  double event_cpu_s = 2.9e-6;  // unpacked, read and acted on by a simple feature

  [[nodiscard]] double of_a_shard(bool zstd) const;
};

// What one process is to carry.
struct node_load {
  double bots = 1;
  double guilds = 0;
  double shards = 0;
  double events_per_s = 0;
  bool zstd = true;  // the bot's compression
};

struct node_need {
  double bytes = 0;
  double cores = 0;
};
[[nodiscard]] node_need need_of(const node_load& load, const measured_costs& costs);

struct node_question {
  node_load all{};         // of the bot, on all of its nodes
  double node_memory = 0;  // bytes that one node may use
  double node_cores = 1;
  bool survives_a_node = true;  // the others carry everything when one is gone
  std::uint32_t at_least = 1;
  std::uint32_t at_most = 0;  // 0: as many as it takes
};

struct node_plan {
  std::uint32_t carriers = 1;  // that suffice
  std::uint32_t nodes = 1;     // with those that may be gone
  node_need each{};            // a node's, when as many as may be are gone
  bool fits = true;            // false: no number of nodes of this size is enough
};

// Of a node's memory and cores this part is planned; the rest is for peaks, growth until the next look, and
// what measuring did not show.
inline constexpr double planned_part = 0.7;

[[nodiscard]] node_plan plan_nodes(const node_question& question, const measured_costs& costs);

}  // namespace guildfleet::ops
