// Short ways to say the usual things.
#pragma once

#include <string>
#include <string_view>

#include "features/feature.hpp"

namespace guildfleet::features {

// A message that only the user sees.
[[nodiscard]] discord::message_body private_message(std::string content);

// A command definition with names and descriptions in both languages, in Discord's own way.
[[nodiscard]] discord::command_definition localized_command(const text& name, const text& description);

// The same of an option, and of a subcommand.
[[nodiscard]] discord::option_definition localized_option(discord::option_type type, const text& name,
                                                          const text& description, bool required);
[[nodiscard]] discord::option_definition localized_sub_command(
    const text& name, const text& description, std::vector<discord::option_definition> options = {});

// A fixed choice of an option; `value` is what the bot receives.
[[nodiscard]] discord::choice localized_choice(const text& shown, std::string_view value);

// The name or description that a client of this locale shows; `otherwise`: the one without a locale.
[[nodiscard]] std::string_view localized(const discord::localizations& all, std::string_view otherwise,
                                         std::string_view locale);

// Whether what somebody types is in a text, without regard to the case of ASCII letters.
[[nodiscard]] bool contains_typed(std::string_view text, std::string_view typed);

}  // namespace guildfleet::features
