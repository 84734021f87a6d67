#include "fleet/lease_plan.hpp"

#include <algorithm>

#include "fleet/shard_balance.hpp"

namespace guildfleet::fleet {
namespace {

using store::fleet_picture;
using store::lease_key;
using store::node_identity;
using store::node_row;
using store::served_shards;

bool serves(const node_row& node, const served_shards& what) {
  return std::ranges::find(node.report.serves, what) != node.report.serves.end();
}

// The nodes that serve these shards, and who owns each.
struct group {
  std::vector<const node_row*> rows;
  balance_view view;

  [[nodiscard]] std::size_t place_of(const node_identity& node) const {
    const auto found = std::ranges::find(
        rows, node, [](const node_row* row) -> const node_identity& { return row->identity; });
    return found == rows.end() ? a_stranger : static_cast<std::size_t>(found - rows.begin());
  }
};

group group_of(const fleet_picture& seen, const node_identity& self, const served_shards& what) {
  group out;
  for (const node_row& node : seen.nodes) {
    if (!serves(node, what)) continue;
    out.rows.push_back(&node);
    out.view.nodes.push_back({node.identity.name, node.report.weight, node.report.draining});
  }
  out.view.self = out.place_of(self);
  out.view.owners.assign(what.count, nobody);
  for (const store::lease_row& lease : seen.leases) {
    const discord::shard_id shard = lease.key.shard;
    if (lease.key.bot != what.bot || shard.count != what.count || shard.index >= what.count) continue;
    if (lease.is_owned()) out.view.owners[shard.index] = out.place_of(lease.owner);
  }
  return out;
}

// The balance of each group of shards that the same nodes may take, as one step. `moves` becomes what is left
// of it.
balance_step balance_groups(const group& of, std::span<const release_group> groups, std::uint32_t& moves) {
  balance_step all;
  for (const release_group& part : groups) {
    const balance_view view = view_of_group(of.view, part);
    const balance_step step = balance(view, moves);
    for (const std::uint32_t place : step.take) all.take.push_back(part.shards[place]);
    for (const shard_move& move : step.give) all.give.push_back({part.shards[move.shard], move.to});
    if (!view.nodes[view.self].draining) moves -= static_cast<std::uint32_t>(step.give.size());
  }
  std::ranges::sort(all.take);
  return all;
}

std::vector<release_group> groups_of(const group& of, const served_shards& what, const release_rules& rules) {
  std::vector<release_node> nodes;
  for (const node_row* row : of.rows)
    nodes.push_back({row->report.release, row->report.draining, row->identity});
  const auto rule = rules.find(what.bot);
  return release_groups(rule == rules.end() ? bot_releases{} : rule->second, what.count, nodes);
}

}  // namespace

bool stands_aside(const fleet_picture& seen, const node_identity& self, const served_shards& what,
                  const release_rules& rules) {
  const auto rule = rules.find(what.bot);
  if (rule != rules.end() && rule->second.only == self) return false;
  return std::ranges::any_of(seen.leases, [&](const store::lease_row& lease) {
    return lease.key.bot == what.bot && lease.key.shard.count != what.count && lease.is_owned() &&
           lease.owner.name != self.name;
  });
}

lease_plan plan_leases(const fleet_picture& seen, const node_identity& self, const std::set<lease_key>& held,
                       std::uint32_t moves, const release_rules& rules) {
  lease_plan plan;
  const node_row* own = seen.node(self);
  if (own == nullptr) return plan;
  for (const served_shards& what : own->report.serves) {
    const group of = group_of(seen, self, what);
    const auto key_of = [&](std::uint32_t shard) { return lease_key{what.bot, {shard, what.count}}; };
    for (std::uint32_t shard = 0; shard < what.count; ++shard) {
      if (of.view.owners[shard] == of.view.self && !held.contains(key_of(shard)))
        plan.mine.push_back(key_of(shard));
    }
    const balance_step step = balance_groups(of, groups_of(of, what, rules), moves);
    if (!stands_aside(seen, self, what, rules)) {
      for (const std::uint32_t shard : step.take) plan.take.push_back(key_of(shard));
    }
    for (const shard_move& move : step.give)
      plan.give.push_back({key_of(move.shard), of.rows[move.to]->identity});
  }
  return plan;
}

}  // namespace guildfleet::fleet
