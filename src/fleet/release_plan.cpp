#include "fleet/release_plan.hpp"

#include <algorithm>
#include <numeric>

#include "fleet/guild_share.hpp"

namespace guildfleet::fleet {
namespace {

std::vector<bool> eligible_for(const std::string& release, std::span<const release_node> nodes) {
  std::vector<bool> eligible;
  bool some = false;
  for (const release_node& node : nodes) {
    eligible.push_back(node.release == release);
    some = some || (node.release == release && !node.draining);
  }
  if (release.empty() || !some) eligible.assign(nodes.size(), true);
  return eligible;
}

release_group group_of_one(const store::node_identity& only, std::uint32_t count,
                           std::span<const release_node> nodes) {
  release_group group{std::vector<std::uint32_t>(count), {}};
  std::iota(group.shards.begin(), group.shards.end(), 0U);
  for (const release_node& each : nodes) group.eligible.push_back(each.node == only);
  return group;
}

}  // namespace

bot_releases releases_after(const rollout& last) {
  if (has_ended(last.state)) return {.settled = settled_release(last)};
  return {.settled = last.from, .active = last};
}

std::vector<std::string> releases_wanted(const bot_releases& of, std::uint32_t count) {
  if (!of.active) return std::vector<std::string>(count, of.settled);
  const release_places places = places_at(count, of.active->salt, placement_of(*of.active).share);
  std::vector<std::string> wanted;
  for (const bool moved : places.whole) wanted.push_back(moved ? of.active->to : of.active->from);
  return wanted;
}

std::vector<release_group> release_groups(const bot_releases& of, std::uint32_t count,
                                          std::span<const release_node> nodes) {
  if (of.only) return {group_of_one(*of.only, count, nodes)};
  std::vector<release_group> groups;
  std::map<std::string, std::size_t> group_of;
  std::uint32_t shard = 0;
  for (const std::string& release : releases_wanted(of, count)) {
    const auto [known, added] = group_of.try_emplace(release, groups.size());
    if (added) {
      std::vector<bool> eligible = eligible_for(release, nodes);
      const auto same = std::ranges::find(groups, eligible, &release_group::eligible);
      known->second = static_cast<std::size_t>(same - groups.begin());
      if (same == groups.end()) groups.push_back({{}, std::move(eligible)});
    }
    groups[known->second].shards.push_back(shard++);
  }
  return groups;
}

balance_view view_of_group(const balance_view& all, const release_group& group) {
  balance_view view{all.nodes, all.self, {}};
  for (std::size_t i = 0; i < view.nodes.size(); ++i)
    view.nodes[i].draining = view.nodes[i].draining || !group.eligible[i];
  for (const std::uint32_t shard : group.shards) view.owners.push_back(all.owners[shard]);
  return view;
}

}  // namespace guildfleet::fleet
