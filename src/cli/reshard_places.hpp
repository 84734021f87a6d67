// The changes of a number of shards of a configuration's bots, wherever they lie.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/reshard_text.hpp"
#include "cli/rollout_places.hpp"
#include "fleet/reshard.hpp"

namespace guildfleet::cli {

// nullopt: it never had one.
[[nodiscard]] base::result<std::optional<shown_reshard>> newest_reshard(const placed_bot& bot);
// Newest first.
[[nodiscard]] base::result<std::vector<shown_reshard>> reshards(const placed_bot& bot, std::uint32_t limit);

// What it would cost now. `floor_share`: of the day's budget, as the bot's nodes are configured. Errors:
// fleet_error::reshard_command, more than one node serves the bot, or another operation goes on;
// reshard_settings and identify_budget as fleet::plan_reshard.
[[nodiscard]] base::result<fleet::reshard_plan> plan(const placed_bot& bot, std::uint32_t to,
                                                     double floor_share, const std::string& who);

// Errors: fleet_error::reshard_command when another operation was first.
[[nodiscard]] base::result<store::rollout_row> start(const placed_bot& bot, const fleet::reshard_plan& plan,
                                                     const std::string& who);
// A person wants it to end; tried again where somebody else changed it meanwhile. Errors:
// fleet_error::reshard_command.
[[nodiscard]] base::result<shown_reshard> abort(const placed_bot& bot, const std::string& who);

}  // namespace guildfleet::cli
