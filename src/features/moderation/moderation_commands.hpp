// The commands of moderation, and what they ask for.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "discord/interactions/command_definition.hpp"
#include "features/moderation/sanctions.hpp"

namespace guildfleet::features {

[[nodiscard]] std::vector<discord::command_definition> moderation_commands();

// nullopt: the command is none of a sanction.
[[nodiscard]] std::optional<mod_action> action_of(std::string_view path);
// What such a command asks for; a text: what is wrong with it.
[[nodiscard]] std::variant<sanction, const text*> sanction_of(mod_action what,
                                                              const discord::command_data& command);

}  // namespace guildfleet::features
