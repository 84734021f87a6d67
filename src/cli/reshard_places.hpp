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

struct reshard_wanted {
  std::uint32_t to = 0;
  std::string node{};      // that is to run both sets; empty: the one with most of the shards
  double floor_share = 0;  // of the day's budget, as the bot's nodes are configured
  std::string who{};
};

// What it would cost now. Errors: fleet_error::reshard_command, no node serves the bot, not the one that is
// wanted, or another operation goes on; reshard_settings and identify_budget as fleet::plan_reshard.
[[nodiscard]] base::result<fleet::reshard_plan> plan(const placed_bot& bot, const reshard_wanted& wanted);

// Errors: fleet_error::reshard_command when another operation was first.
[[nodiscard]] base::result<store::rollout_row> start(const placed_bot& bot, const fleet::reshard_plan& plan,
                                                     const std::string& who);
// A person wants it to end; tried again where somebody else changed it meanwhile. Errors:
// fleet_error::reshard_command.
[[nodiscard]] base::result<shown_reshard> abort(const placed_bot& bot, const std::string& who);

}  // namespace guildfleet::cli
