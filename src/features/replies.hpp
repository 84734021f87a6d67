// Short ways to say the usual things.
#pragma once

#include <string>

#include "features/feature.hpp"

namespace guildfleet::features {

// A message that only the user sees.
[[nodiscard]] discord::message_body private_message(std::string content);

// A command definition with names and descriptions in both languages, in Discord's own way.
[[nodiscard]] discord::command_definition localized_command(const text& name, const text& description);

}  // namespace guildfleet::features
