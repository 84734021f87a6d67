// A rollout as the text that a store keeps.
#pragma once

#include <string>
#include <string_view>

#include "fleet/rollout.hpp"

namespace guildfleet::fleet {

[[nodiscard]] std::string to_json(const rollout& of);

// Keys that it does not know are passed over, missing limits and thresholds have their defaults, so that
// nodes of different versions read each other's. Errors: fleet_error::rollout_text, rollout_settings.
[[nodiscard]] base::result<rollout> rollout_from_json(std::string_view text);

// One of them by its key in the text, such as "failures.by" or "least_events"; times are milliseconds. Error
// fleet_error::rollout_settings lists all keys.
[[nodiscard]] base::result<void> set_threshold(analysis_thresholds& thresholds, std::string_view key,
                                               double value);

}  // namespace guildfleet::fleet
