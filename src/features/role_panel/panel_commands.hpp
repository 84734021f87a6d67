// /role-panel as Discord shows it.
#pragma once

#include <vector>

#include "discord/interactions/command_definition.hpp"

namespace guildfleet::features {

[[nodiscard]] std::vector<discord::command_definition> panel_commands();

}  // namespace guildfleet::features
