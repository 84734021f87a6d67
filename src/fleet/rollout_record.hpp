// A rollout's steps as a store writes them down.
#pragma once

#include <string>
#include <vector>

#include "fleet/rollout_step.hpp"
#include "store/rollout_rows.hpp"

namespace guildfleet::fleet {

// `who`: the node or person that took the step.
[[nodiscard]] std::vector<store::rollout_event> events_of(const rollout_step& step, const std::string& who);

// From the rollout as it was read to its next state; at its end the bot's release is settled with it.
[[nodiscard]] store::rollout_change change_of(const store::rollout_row& read, const rollout_step& step,
                                              const std::string& who);

}  // namespace guildfleet::fleet
