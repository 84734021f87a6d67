// PostgreSQL and Redis beside the fleet.
#pragma once

#include <string>

#include "ops/fleet_config.hpp"
#include "ops/render/deployment.hpp"

namespace guildfleet::ops {

// max_connections: for all nodes twice over, as while two releases run, and some to look after it.
[[nodiscard]] std::uint32_t database_connections(const fleet_config& config, const deployment& all);

[[nodiscard]] std::string postgres_objects(const fleet_config& config, const deployment& all);
[[nodiscard]] std::string redis_objects(const fleet_config& config, const deployment& all);

}  // namespace guildfleet::ops
