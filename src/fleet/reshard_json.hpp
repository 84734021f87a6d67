// A reshard as the text that a store keeps in the place of a rollout, so that a bot has one or the other.
#pragma once

#include <string>
#include <string_view>

#include "fleet/reshard.hpp"

namespace guildfleet::fleet {

[[nodiscard]] std::string to_json(const reshard& of);

// Whether a stored operation is one; rollout_from_json refuses it.
[[nodiscard]] bool is_reshard(std::string_view text);

// Keys that it does not know are passed over. Errors: fleet_error::reshard_text.
[[nodiscard]] base::result<reshard> reshard_from_json(std::string_view text);

}  // namespace guildfleet::fleet
