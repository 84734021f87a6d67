// The stores that hold the leases of a configuration's bots, for commands that end soon.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "ops/fleet_config.hpp"
#include "store/store.hpp"

namespace guildfleet::cli {

// A node that is alone on a file looks for others every five seconds, so it may take a while until it shows.
inline constexpr std::chrono::seconds node_appears_within{8};
inline constexpr std::chrono::milliseconds look_every{200};

// The database, or each SQLite file that is there; one that is not holds no lease. `clock`, the system's,
// outlives them. Errors: store_error.
[[nodiscard]] base::result<std::vector<std::unique_ptr<store::store>>> open_lease_places(
    const ops::fleet_config& config, const base::clock& clock);

// A bot of the configuration and the store that holds its leases.
struct bot_place {
  store::bot_name bot;
  const ops::bot_section* section = nullptr;  // of the configuration
  std::shared_ptr<store::store> store;
};

// Of `wanted` only, when that is not empty. A bot whose SQLite file is not there is left out.
[[nodiscard]] base::result<std::vector<bot_place>> open_bot_places(const ops::fleet_config& config,
                                                                   const std::vector<std::string>& wanted,
                                                                   const base::clock& clock);

}  // namespace guildfleet::cli
