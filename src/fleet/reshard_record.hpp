// A reshard's steps as a store writes them down.
#pragma once

#include <string>
#include <vector>

#include "fleet/reshard.hpp"
#include "store/rollout_rows.hpp"

namespace guildfleet::fleet {

// `who`: the node or person that took the step.
[[nodiscard]] std::vector<store::rollout_event> events_of(const reshard_step& step, const std::string& who);

// From the reshard as it was read to its next state. The bot's release is not touched.
[[nodiscard]] store::rollout_change change_of(const store::rollout_row& read, const reshard_step& step,
                                              const std::string& who);

}  // namespace guildfleet::fleet
