// What a node is to do about the leases of all bots that it shares with others. A decider.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "fleet/release_plan.hpp"
#include "store/fleet_rows.hpp"

namespace guildfleet::fleet {

struct lease_gift {
  store::lease_key key;
  store::node_identity to;
  bool operator==(const lease_gift&) const = default;
};

struct lease_plan {
  std::vector<store::lease_key> take;  // free, and this node's part
  std::vector<store::lease_key> mine;  // the store says they are ours: somebody handed them over
  std::vector<lease_gift> give;
};

// Others than a predecessor of this node's name run the bot with another number of shards, and it is not this
// node that changes it: it takes none. Two at once would serve every guild twice: their shards have nothing
// in common that a lease guards.
[[nodiscard]] bool stands_aside(const store::fleet_picture& seen, const store::node_identity& self,
                                const store::served_shards& what, const release_rules& rules = {});

// `seen`: the store's answer to attend(), in which this node is among the living. `held`: what this node
// believes to hold. Of each (bot, count) in `seen` that this node serves. `moves`: how many may be given away
// to balance, over all bots; a draining node gives all, and so does one whose release is not wanted for a
// shard. Nothing is taken where others have another number of shards.
[[nodiscard]] lease_plan plan_leases(const store::fleet_picture& seen, const store::node_identity& self,
                                     const std::set<store::lease_key>& held, std::uint32_t moves,
                                     const release_rules& rules = {});

}  // namespace guildfleet::fleet
