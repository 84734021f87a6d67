// Why the fleet's rules say no.
#pragma once

#include <string_view>
#include <system_error>

#include "base/error_enum.hpp"

namespace guildfleet::fleet {

enum class fleet_error {
  identify_budget = 1,  // too few session starts are left today
  lease_times,          // lease settings that cannot work
  rollout_settings,     // a rollout that cannot be carried out as it is wished for
  rollout_command,      // a person's command does not fit the rollout's state
  rollout_text,         // a stored rollout cannot be read
  reshard_settings,     // a number of shards that the bot cannot be given
  reshard_command,      // a person's command does not fit the reshard's state
  reshard_text,         // a stored reshard cannot be read
};

[[nodiscard]] std::string_view sentence(fleet_error value);
[[nodiscard]] inline std::error_code make_error_code(fleet_error value) {
  return base::enum_error_code(value, "fleet");
}

}  // namespace guildfleet::fleet

template <>
struct std::is_error_code_enum<guildfleet::fleet::fleet_error> : std::true_type {};
