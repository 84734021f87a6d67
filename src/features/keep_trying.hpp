// What an event brings about although the store fails for a while: an event counts as handled once its
// handler returns, and does not come again then.
#pragma once

#include <functional>

#include "features/moments.hpp"

namespace guildfleet::features {

// Calls `attempt` until it says true: after 0.1 s, and then each time twice as long, for 25 s while the
// guild's other events wait; later every 15 s, as a moment of this name. A store that is away for longer
// takes the right to act with it, and the event comes again. On the shard's reactor; `moments` outlives it,
// what `attempt` holds does.
[[nodiscard]] net::task<> keep_trying(moment_port& moments, discord::guild_id guild, std::string name,
                                      std::function<net::task<bool>()> attempt);

}  // namespace guildfleet::features
