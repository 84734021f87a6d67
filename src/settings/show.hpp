// Settings as people read them in Discord and on the command line.
#pragma once

#include "settings/document.hpp"
#include "settings/schema.hpp"

namespace guildfleet::settings {

// Channels, roles and users as Discord's mentions, long texts shortened; a value of another kind as JSON.
[[nodiscard]] std::string show_value(const field& what, const json::value& value, base::language which);

// "Title: value", a line for each field of the schema. `values` are with defaults.
[[nodiscard]] std::string show(const feature_schema& schema, const json::object& values,
                               base::language which);

// "2 h 30 min"
[[nodiscard]] std::string show_duration(std::int64_t seconds, base::language which);

}  // namespace guildfleet::settings
