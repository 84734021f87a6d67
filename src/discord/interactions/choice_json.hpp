// A choice's value as JSON; for callbacks and command definitions.
#pragma once

#include "base/json_text.hpp"
#include "discord/interactions/callback.hpp"

namespace guildfleet::discord {

void write_choice_value(base::json_writer& out, const choice& one);

}  // namespace guildfleet::discord
