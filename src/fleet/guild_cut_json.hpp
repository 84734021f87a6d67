// The account of a guild that went over, as the text that a store keeps.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "fleet/cut_window.hpp"

namespace guildfleet::fleet {

[[nodiscard]] std::string to_json(const guild_cut& of);

// Errors: fleet_error::reshard_text.
[[nodiscard]] base::result<guild_cut> guild_cut_from_json(discord::guild_id guild, std::string_view text);

}  // namespace guildfleet::fleet
