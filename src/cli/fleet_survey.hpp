// The picture of a whole fleet, from all the stores that hold leases.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "fleet/reshard.hpp"
#include "ops/fleet_config.hpp"
#include "store/fleet_rows.hpp"

namespace guildfleet::cli {

// Without the leases of shard counts that nobody runs any more. Blocks; brings tables up to this release.
// Errors: store_error.
[[nodiscard]] base::result<store::fleet_picture> survey_fleet(const ops::fleet_config& config);

// Changes of a bot's number of shards that go on: both sets are there then.
[[nodiscard]] std::vector<fleet::reshard> reshards_in(const store::fleet_picture& seen);

}  // namespace guildfleet::cli
