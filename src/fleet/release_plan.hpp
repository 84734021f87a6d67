// Which nodes may take which shards of a bot, by their releases. Deciders.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fleet/rollout.hpp"
#include "fleet/shard_balance.hpp"
#include "store/rows.hpp"

namespace guildfleet::fleet {

// What the store says of a bot's releases.
struct bot_releases {
  std::string settled{};  // where its last rollout left it; empty: there was none, any release will do
  std::optional<rollout> active{};  // has not ended
  // While its number of shards is changed: the only one that takes any of them.
  std::optional<store::node_identity> only{};
};

// A bot that is not in here may be served by any release.
using release_rules = std::map<store::bot_name, bot_releases>;

// After `last`, which may have ended.
[[nodiscard]] bot_releases releases_after(const rollout& last);

// Of each shard; empty: any.
[[nodiscard]] std::vector<std::string> releases_wanted(const bot_releases& of, std::uint32_t count);

struct release_node {
  std::string release;
  bool draining = false;
  store::node_identity node{};
};

// Shards that the same nodes may take.
struct release_group {
  std::vector<std::uint32_t> shards;  // ascending
  std::vector<bool> eligible;         // of each node
};

// Every shard is in one group. Where only one node may take any, and is not there, nobody takes any. Where no
// node of the wanted release lives that does not drain, anybody may: a bot that is served by another release
// is better than one that is not served.
[[nodiscard]] std::vector<release_group> release_groups(const bot_releases& of, std::uint32_t count,
                                                        std::span<const release_node> nodes);

// The part of `all` that is about a group: a node that may not take its shards gives them away like one that
// drains.
[[nodiscard]] balance_view view_of_group(const balance_view& all, const release_group& group);

}  // namespace guildfleet::fleet
