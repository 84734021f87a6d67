// A reshard's steps as a store writes them down.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "fleet/reshard.hpp"
#include "store/rollout_rows.hpp"

namespace guildfleet::fleet {

// A bot's operations, newest first; the first that is a reshard, or none. Null: there is none.
[[nodiscard]] const store::rollout_row* newest_reshard(std::span<const store::rollout_row> operations);
[[nodiscard]] const store::rollout_row* newest_rollout(std::span<const store::rollout_row> operations);

// `who`: the node or person that took the step.
[[nodiscard]] std::vector<store::rollout_event> events_of(const reshard_step& step, const std::string& who);

// From the reshard as it was read to its next state. The bot's release is not touched.
[[nodiscard]] store::rollout_change change_of(const store::rollout_row& read, const reshard_step& step,
                                              const std::string& who);

}  // namespace guildfleet::fleet
