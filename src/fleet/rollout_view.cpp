#include "fleet/rollout_view.hpp"

#include <algorithm>

#include "fleet/guest_choice.hpp"
#include "fleet/release_figures.hpp"
#include "fleet/reshard_json.hpp"
#include "fleet/rollout_json.hpp"

namespace guildfleet::fleet {
namespace {

std::vector<store::node_row> nodes_of(const store::fleet_picture& seen, const store::bot_name& bot) {
  std::vector<store::node_row> out;
  for (const store::node_row& node : seen.nodes) {
    if (node.serves(bot) != nullptr) out.push_back(node);
  }
  return out;
}

base::wall_time time_of(const store::fleet_picture& seen) {
  return base::wall_time(std::chrono::milliseconds(seen.at_ms));
}

// Shards of which a node of the release has guilds now, as they told last.
std::uint32_t visits_of(std::span<const release_report> reports, const rollout& active,
                        std::span<const store::node_row> nodes) {
  std::uint32_t visits = 0;
  for (const store::node_row& node : nodes) {
    if (node.report.release != active.to) continue;
    const auto of_node = [&](const release_report& each) { return each.node == node.identity; };
    const auto last = std::find_if(reports.rbegin(), reports.rend(), of_node);
    if (last != reports.rend()) visits += last->figures.visits;
  }
  return visits;
}

// All that is wanted, once as many shards have a guest as are to have one; otherwise nothing, or, where none
// is wanted any more, what has not ended.
delegation_seen delegation_in(const rollout& active, std::uint32_t count, std::uint32_t visits) {
  const placement placed = placement_of(active);
  const std::uint32_t wanted = delegating_shards(active, count);
  if (wanted == 0) return {visits > 0 ? 1.0 : 0.0, placed.chosen.size()};
  if (visits != wanted) return {};
  return {places_at(count, active.salt, placed.share).delegated_share, placed.chosen.size()};
}

// Of the same window; where nothing is left to the old release, of as long a time before it.
std::optional<release_samples> old_samples(std::span<const release_report> reports, const rollout& active,
                                           std::span<const store::node_row> nodes, base::wall_time now) {
  if (placement_of(active).share < 1) return samples_within(reports, active.from, nodes, active.since, now);
  release_samples before =
      samples_within(reports, active.from, {}, active.since - active.limits.pause, active.since);
  return before.events > 0 ? std::optional(std::move(before)) : std::nullopt;
}

bool lives(const store::fleet_picture& seen, const store::bot_name& bot, const std::string& release) {
  return std::ranges::any_of(seen.nodes, [&](const store::node_row& node) {
    return node.serves(bot) != nullptr && node.report.release == release;
  });
}

// Of each bot the release that runs most of its shards: it stays until a rollout moves it, or its nodes are
// gone. Otherwise a new release would begin to serve the moment its first node stands ready.
release_rules incumbents(const store::fleet_picture& seen) {
  std::map<store::bot_name, std::map<std::string, int>> shards;
  for (const store::lease_row& lease : seen.leases) {
    const store::node_row* owner = seen.node(lease.owner);
    if (lease.is_owned() && owner != nullptr) ++shards[lease.key.bot][owner->report.release];
  }
  release_rules rules;
  for (const auto& [bot, by_release] : shards) {
    const auto most = std::ranges::max_element(by_release, {}, [](const auto& each) { return each.second; });
    rules[bot].settled = most->first;
  }
  return rules;
}

}  // namespace

release_rules rules_of(const store::fleet_picture& seen) {
  release_rules rules = incumbents(seen);
  for (const store::bot_release& each : seen.releases) {
    bot_releases& of = rules[each.bot];
    if (lives(seen, each.bot, each.settled)) of.settled = each.settled;
    if (!each.rollout) continue;
    if (is_reshard(each.rollout->state)) {
      if (const auto change = reshard_from_json(each.rollout->state)) of.only = change->home;
    } else if (auto active = rollout_from_json(each.rollout->state)) {
      of.active = std::move(*active);
    }
  }
  return rules;
}

std::uint32_t shard_count_of(const store::fleet_picture& seen, const store::bot_name& bot) {
  for (const store::node_row& node : seen.nodes) {
    if (const store::served_shards* shards = node.serves(bot)) return shards->count;
  }
  return 0;
}

std::optional<std::uint32_t> identifies_of_a_move(const store::fleet_picture& seen,
                                                  const store::bot_name& bot, std::string_view from,
                                                  std::string_view to) {
  const auto intents_of = [&](std::string_view release) -> std::optional<std::uint64_t> {
    for (const store::node_row& node : seen.nodes) {
      const store::served_shards* shards = node.serves(bot);
      if (node.report.release == release && shards != nullptr) return shards->intents;
    }
    return std::nullopt;
  };
  const auto before = intents_of(from);
  const auto after = intents_of(to);
  if (!before || !after) return std::nullopt;
  return (*after & ~*before) == 0 ? 0 : shard_count_of(seen, bot);
}

bool controls(const store::fleet_picture& seen, const store::bot_name& bot,
              const store::node_identity& self) {
  const std::vector<store::node_row> nodes = nodes_of(seen, bot);
  auto first = std::ranges::find_if(nodes, [](const store::node_row& node) { return !node.drains(); });
  if (first == nodes.end()) first = nodes.begin();
  return first != nodes.end() && first->identity == self;
}

std::set<store::bot_name> served_bots(const store::fleet_picture& seen) {
  std::set<store::bot_name> bots;
  for (const store::node_row& node : seen.nodes) {
    for (const store::served_shards& each : node.report.serves) bots.insert(each.bot);
  }
  return bots;
}

std::vector<std::string> owners_of(const store::fleet_picture& seen, const store::bot_name& bot) {
  const std::uint32_t count = shard_count_of(seen, bot);
  std::vector<std::string> owners(count);
  for (const store::lease_row& lease : seen.leases) {
    if (lease.key.bot != bot || lease.key.shard.count != count || !lease.is_owned()) continue;
    if (const store::node_row* node = seen.node(lease.owner))
      owners[lease.key.shard.index] = node->report.release;
  }
  return owners;
}

std::map<std::string, release_strength> strengths_of(const store::fleet_picture& seen,
                                                     const store::bot_name& bot) {
  std::map<std::string, release_strength> strengths;
  for (const store::node_row& node : seen.nodes) {
    if (node.serves(bot) == nullptr || node.drains()) continue;
    release_strength& strength = strengths[node.report.release];
    ++strength.nodes;
    strength.weight += node.report.weight;
  }
  return strengths;
}

rollout_view view_of(const store::fleet_picture& seen, const rollout& active,
                     std::span<const store::release_sample> samples) {
  const std::vector<store::node_row> nodes = nodes_of(seen, active.bot);
  const std::vector<release_report> reports = reports_in(samples);
  const std::uint32_t count = shard_count_of(seen, active.bot);
  const base::wall_time now = time_of(seen);
  const analysis_window window{.fresh = samples_within(reports, active.to, nodes, active.since, now),
                               .old = old_samples(reports, active, nodes, now),
                               .elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
                                   std::max(now, active.since) - active.since),
                               .length = active.limits.pause};
  return {.strengths = strengths_of(seen, active.bot),
          .owners = owners_of(seen, active.bot),
          .delegation = delegation_in(active, count, visits_of(reports, active, nodes)),
          .judged = {active.since, judge(window, active.thresholds)}};
}

}  // namespace guildfleet::fleet
