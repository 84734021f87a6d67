#include "cli/fleet_survey.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>

#include "cli/lease_places.hpp"
#include "fleet/reshard_json.hpp"
#include "fleet/reshard_record.hpp"

namespace guildfleet::cli {
namespace {

// Of each bot whose number of shards was changed: the one that it has, or both while it changes.
using given_counts = std::map<store::bot_name, std::set<std::uint32_t>>;

base::result<void> read_given(store::store& place, const store::fleet_picture& seen, given_counts& into) {
  std::set<store::bot_name> bots;
  for (const store::lease_row& lease : seen.leases) bots.insert(lease.key.bot);
  for (const store::bot_name& bot : bots) {
    const auto rows = place.rollouts(bot, store::operations_kept);
    if (!rows) return std::unexpected(rows.error());
    const store::rollout_row* row = fleet::newest_reshard(*rows);
    if (row == nullptr) continue;
    const auto of = fleet::reshard_from_json(row->state);
    if (!of) continue;
    into[bot].insert(fleet::settled_count(*of));
    if (row->active) into[bot].insert(of->from);
  }
  return {};
}

// Rows of an earlier shard count stay in the store; nobody runs those any more.
bool is_past(const store::fleet_picture& seen, const given_counts& given, const store::lease_key& key) {
  const auto owned_with = [&](auto&& same_count) {
    return std::ranges::any_of(seen.leases, [&](const store::lease_row& other) {
      return other.is_owned() && other.key.bot == key.bot &&
             same_count(other.key.shard.count == key.shard.count);
    });
  };
  if (owned_with([](bool same) { return same; })) return false;
  if (owned_with([](bool same) { return !same; })) return true;
  const auto counts = given.find(key.bot);
  return counts != given.end() && !counts->second.contains(key.shard.count);
}

}  // namespace

base::result<store::fleet_picture> survey_fleet(const ops::fleet_config& config) {
  const base::system_clock clock;
  auto places = open_lease_places(config, clock);
  if (!places) return std::unexpected(std::move(places).error());
  store::fleet_picture all;
  for (const std::unique_ptr<store::store>& place : *places) {
    auto one = place->survey();
    if (!one) return one;
    given_counts given;
    if (auto read = read_given(*place, *one, given); !read) return std::unexpected(std::move(read).error());
    const store::fleet_picture whole = *one;
    std::erase_if(one->leases,
                  [&](const store::lease_row& lease) { return is_past(whole, given, lease.key); });
    std::ranges::move(one->nodes, std::back_inserter(all.nodes));
    std::ranges::move(one->leases, std::back_inserter(all.leases));
    std::ranges::move(one->releases, std::back_inserter(all.releases));
  }
  return all;
}

std::vector<fleet::reshard> reshards_in(const store::fleet_picture& seen) {
  std::vector<fleet::reshard> out;
  for (const store::bot_release& each : seen.releases) {
    if (!each.rollout || !fleet::is_reshard(each.rollout->state)) continue;
    if (auto of = fleet::reshard_from_json(each.rollout->state)) out.push_back(std::move(*of));
  }
  return out;
}

}  // namespace guildfleet::cli
