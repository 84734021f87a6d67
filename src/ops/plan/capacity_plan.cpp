#include "ops/plan/capacity_plan.hpp"

#include <algorithm>
#include <cmath>

namespace guildfleet::ops {
namespace {

// The largest part: shards are not divided.
node_load part_of(const node_load& all, double nodes) {
  const double shards = std::ceil(all.shards / nodes);
  const double share = all.shards > 0 ? shards / all.shards : 1;
  return {.bots = all.bots,
          .guilds = all.guilds * share,
          .shards = shards,
          .events_per_s = all.events_per_s * share,
          .zstd = all.zstd};
}

}  // namespace

double measured_costs::of_a_shard(bool zstd) const {
  return shard_bytes + (zstd ? zstd_bytes : 0);
}

node_need need_of(const node_load& load, const measured_costs& costs) {
  return {.bytes = costs.node_bytes + std::max(0.0, load.bots - 1) * costs.bot_bytes +
                   load.guilds * costs.guild_bytes + load.shards * costs.of_a_shard(load.zstd),
          .cores = load.shards * costs.shard_cpu + load.events_per_s * costs.event_cpu_s};
}

node_plan plan_nodes(const node_question& question, const measured_costs& costs) {
  auto most = static_cast<std::uint32_t>(std::max(1.0, question.all.shards));
  if (question.at_most > 0) most = std::min(most, question.at_most);
  const auto fits = [&](const node_need& need) {
    return need.bytes <= question.node_memory * planned_part &&
           need.cores <= question.node_cores * planned_part;
  };
  node_plan out;
  out.each = need_of(question.all, costs);
  while (!fits(out.each) && out.carriers < most)
    out.each = need_of(part_of(question.all, ++out.carriers), costs);
  out.fits = fits(out.each);
  out.nodes = std::max(out.carriers + (question.survives_a_node ? 1 : 0), question.at_least);
  return out;
}

}  // namespace guildfleet::ops
