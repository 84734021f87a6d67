// Which guilds of which shards are delegated, and to whom. Deciders.
#pragma once

#include <cstdint>
#include <optional>

#include "fleet/delegation.hpp"
#include "fleet/release_plan.hpp"

namespace guildfleet::fleet {

// Of a shard that lies with the old release of an active rollout and has guilds that are the new one's. Of
// the new release's nodes that live, do not drain and have a peer link, always the same one for a shard.
// nullopt: nobody has the shard, it has no such guilds, or there is no such node.
[[nodiscard]] std::optional<delegation> delegation_of(const store::fleet_picture& seen,
                                                      const release_rules& rules,
                                                      const store::lease_key& shard);

// How many shards of a bot have guilds that are to be delegated, whether or not there is somebody to take
// them.
[[nodiscard]] std::uint32_t delegating_shards(const rollout& of, std::uint32_t count);

}  // namespace guildfleet::fleet
