// Options and sub-commands with names and descriptions in both languages.
#pragma once

#include <vector>

#include "discord/interactions/command_definition.hpp"
#include "features/text.hpp"

namespace guildfleet::features {

enum class option_need { required, optional };

[[nodiscard]] discord::option_definition localized_option(discord::option_type type, const text& name,
                                                          const text& description, option_need need);

[[nodiscard]] discord::option_definition sub_command(const text& name, const text& description,
                                                     std::vector<discord::option_definition> options = {});

}  // namespace guildfleet::features
