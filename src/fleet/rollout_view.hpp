// A rollout as the store's picture shows it. Deciders.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/release_plan.hpp"
#include "fleet/rollout_step.hpp"
#include "store/fleet_rows.hpp"

namespace guildfleet::fleet {

// What the picture says of the bots' releases. A bot that was never settled, or whose release has no node
// left, stays with the release that runs most of its shards. A rollout that cannot be read, as one of a later
// release's making, is left out: its bot stays where it is.
[[nodiscard]] release_rules rules_of(const store::fleet_picture& seen);

// Of how many shards the bot has; 0: no node that lives serves it.
[[nodiscard]] std::uint32_t shard_count_of(const store::fleet_picture& seen, const store::bot_name& bot);

// Those that a living node serves.
[[nodiscard]] std::set<store::bot_name> served_bots(const store::fleet_picture& seen);

// Of each shard of the bot the release that runs it; empty: nobody does.
[[nodiscard]] std::vector<std::string> owners_of(const store::fleet_picture& seen,
                                                 const store::bot_name& bot);

// By release, of the bot's nodes that do not drain.
[[nodiscard]] std::map<std::string, release_strength> strengths_of(const store::fleet_picture& seen,
                                                                   const store::bot_name& bot);

// How many shards would have to identify when they move from nodes of `from` to nodes of `to`: none, or all
// of them where the new release asks for other intents. nullopt: no node of one of the two lives.
[[nodiscard]] std::optional<std::uint32_t> identifies_of_a_move(const store::fleet_picture& seen,
                                                                const store::bot_name& bot,
                                                                std::string_view from, std::string_view to);

// Which node moves the bot's rollouts on; the same for all who see the same. False as well where `self` is
// not in the picture.
[[nodiscard]] bool controls(const store::fleet_picture& seen, const store::bot_name& bot,
                            const store::node_identity& self);

// `samples`: of the window, and of some seconds before.
[[nodiscard]] rollout_view view_of(const store::fleet_picture& seen, const rollout& active,
                                   std::span<const store::release_sample> samples);

}  // namespace guildfleet::fleet
