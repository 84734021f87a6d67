// What an event brings about although the store fails for a while: an event counts as handled once its
// handler returns, and does not come again then.
#pragma once

#include <functional>

#include "features/moments.hpp"

namespace guildfleet::features {

struct trying_pauses {
  std::chrono::milliseconds first{100};
  std::chrono::milliseconds longest{15'000};
};

// Calls `attempt` until it says true: again after the first pause and then each time twice as long, while the
// guild's other events wait, for 25 s; later once for each longest pause, as a moment of this name. A store
// that is away for longer takes the right to act with it, and the event comes again. On the shard's reactor;
// `moments`, and what `attempt` holds, outlive it.
[[nodiscard]] net::task<> keep_trying(moment_port& moments, discord::guild_id guild, std::string name,
                                      std::function<net::task<bool>()> attempt, trying_pauses pauses = {});

}  // namespace guildfleet::features
