// The JSON of GET /health.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bot/fleet_status.hpp"

namespace guildfleet::api {

[[nodiscard]] std::string_view name_of(bot::shard_state value);

// "stopping"; "starting" until ready for the first time; "degraded" when a bot stopped, reports a problem, or
// has a held shard that is not connected; "ok" otherwise.
[[nodiscard]] std::string_view status_of(const bot::fleet_snapshot& snapshot, bool ready);
[[nodiscard]] std::string_view status_of(const bot::bot_health& bot);

// `memory_bytes` is the resident set. Members: status, ready, bot (the only bot's name, else the fleet's),
// uptime (whole seconds), memory (bytes), guilds, fleet, node, release, bots[].
[[nodiscard]] std::string health_json(const bot::fleet_snapshot& snapshot, bool ready,
                                      std::uint64_t memory_bytes);

}  // namespace guildfleet::api
