// Which things of a deployment are bots, as far as their names tell.
#pragma once

#include <string_view>

namespace guildfleet::ops {

// A name as people give to bots: a word of it is bot, bots, bot1, musicbot, discord, guildfleet or shard.
[[nodiscard]] bool names_bot(std::string_view name);

}  // namespace guildfleet::ops
