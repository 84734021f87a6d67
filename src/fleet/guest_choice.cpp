#include "fleet/guest_choice.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace guildfleet::fleet {
namespace {

bool may_be_guest(const store::node_row& node, const store::lease_key& shard, const std::string& release) {
  const store::served_shards serves{shard.bot, shard.shard.count};
  return node.report.release == release && !node.drains() && node.report.weight > 0 &&
         !node.report.address.empty() &&
         std::ranges::find(node.report.serves, serves) != node.report.serves.end();
}

// The same for all who ask, and different for different shards: the highest of what each node draws.
const store::node_row* guest_among(const store::fleet_picture& seen, const store::lease_key& shard,
                                   const std::string& release) {
  const store::node_row* best = nullptr;
  std::uint64_t drawn = 0;
  for (const store::node_row& node : seen.nodes) {
    if (!may_be_guest(node, shard, release)) continue;
    const std::uint64_t draw =
        share_salt(node.identity.name, fmt::format("{}/{}", shard.bot.value, shard.shard));
    if (best == nullptr || draw > drawn) {
      best = &node;
      drawn = draw;
    }
  }
  return best;
}

// The guilds that are delegated from this shard: of the share, and of those that a person chose.
bool delegates(const release_places& places, std::span<const discord::guild_id> chosen,
               discord::shard_id shard) {
  if (shard.index < places.whole.size() && places.whole[shard.index]) return false;
  if (places.delegating == shard && places.delegated_share > 0) return true;
  return std::ranges::any_of(
      chosen, [shard](discord::guild_id guild) { return discord::shard_of(guild, shard.count) == shard; });
}

}  // namespace

std::optional<delegation> delegation_of(const store::fleet_picture& seen, const release_rules& rules,
                                        const store::lease_key& shard) {
  const auto rule = rules.find(shard.bot);
  if (rule == rules.end() || !rule->second.active) return std::nullopt;
  const rollout& active = *rule->second.active;
  const placement placed = placement_of(active);
  release_places places = places_at(shard.shard.count, active.salt, placed.share);
  if (!delegates(places, placed.chosen, shard.shard)) return std::nullopt;
  const auto lease = std::ranges::find(seen.leases, shard, &store::lease_row::key);
  if (lease == seen.leases.end() || !lease->is_owned()) return std::nullopt;
  const store::node_row* owner = seen.node(lease->owner);
  const store::node_row* guest = guest_among(seen, shard, active.to);
  if (owner == nullptr || guest == nullptr || owner->report.release == active.to ||
      owner->report.address.empty())
    return std::nullopt;
  return delegation{active.to, guest->identity, *owner, std::move(places), active.salt, placed.chosen};
}

std::uint32_t delegating_shards(const rollout& of, std::uint32_t count) {
  const placement placed = placement_of(of);
  const release_places places = places_at(count, of.salt, placed.share);
  std::uint32_t found = 0;
  for (std::uint32_t index = 0; index < count; ++index)
    found += delegates(places, placed.chosen, {index, count}) ? 1 : 0;
  return found;
}

}  // namespace guildfleet::fleet
