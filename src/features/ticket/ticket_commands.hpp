// /ticket and /ticket-setup as Discord shows them.
#pragma once

#include <vector>

#include "discord/interactions/command_definition.hpp"

namespace guildfleet::features {

[[nodiscard]] std::vector<discord::command_definition> ticket_commands();

}  // namespace guildfleet::features
