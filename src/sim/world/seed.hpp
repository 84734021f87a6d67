// Fills a new world: bots, users, guilds. The same settings give the same ids, names and tokens at any time
// of day.
#pragma once

#include "sim/world/state.hpp"

namespace guildfleet::sim {

void seed_world(world_state& state);

// "<base64 of the id's digits>.<6>.<38>"
[[nodiscard]] std::string make_token(world_state& state, id application);
// The application id in a token's first part.
[[nodiscard]] std::optional<id> application_of_token(std::string_view token);

}  // namespace guildfleet::sim
