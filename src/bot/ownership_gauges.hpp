// Who owns a bot's shards, as the store shows it, for alerts.
#pragma once

#include "base/metrics.hpp"
#include "store/fleet_rows.hpp"

namespace guildfleet::bot {

// Of each bot that a living node serves: how many shards it has, and how many of them nobody owns. Locks the
// registry; once a second is often enough.
void show_ownership(base::metrics& metrics, const store::fleet_picture& seen);

}  // namespace guildfleet::bot
