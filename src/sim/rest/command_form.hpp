// Application commands as bots register them (protocol sheet 3.1 and 6).
#pragma once

#include "sim/rest/form.hpp"

namespace guildfleet::sim {

// Checks one command and gives it as Discord stores it, without ids: defaults filled in. Errors go to the
// form.
[[nodiscard]] json::object read_command(const form& given, bool global);
// `choices` of an option, or of an answer to its autocomplete, whose type may be absent.
void check_choices(const form& given);
// Name, description and values of a command, its options and choices; the longest localization counts.
[[nodiscard]] std::size_t command_text_length(const json::object& command);

}  // namespace guildfleet::sim
