// How a bot of this node is, in a word.
#pragma once

#include <cstddef>

#include "bot/fleet_status.hpp"

namespace guildfleet::cli {

// standby: all its shards run on other nodes. ready: every shard that this node holds, one at least, is
// connected.
enum class bot_state { not_ready, ready, standby };

[[nodiscard]] bot_state state_of(const bot::bot_health& bot);

// Shards of `bot` whose lease this node has.
[[nodiscard]] std::size_t held_shards(const bot::bot_health& bot);

}  // namespace guildfleet::cli
