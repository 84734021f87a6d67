// A guild's settings as one JSON text: written out, looked at, and taken in as a whole or not at all.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "settings/settings_desk.hpp"

namespace guildfleet::settings {

// Of an export: all features of a guild.
constexpr std::size_t max_export_bytes = 1024U << 10U;

// What an import would do to one feature.
struct planned_change {
  std::string feature;
  std::uint64_t expected_version = 0;
  json::object values;
  std::vector<field_change> changes;
};
struct import_plan {
  discord::guild_id guild;
  std::vector<planned_change> changes;  // only features that would change, by name
};
struct feature_problems {
  std::string feature;  // "": of the export itself
  problems found;
};
using import_check = std::variant<import_plan, std::vector<feature_problems>>;

// {"format": "guildfleet-settings", "version": 1, "guild": "...", "features": {name: settings}}: each feature
// that was ever set, without what equals a default.
[[nodiscard]] net::task<base::result<std::string>> export_guild(settings_desk& desk, discord::guild_id guild);

// Nothing is written. An export of another guild is taken too: that is how settings are copied. A feature
// that it does not name stays as it is. Errors: wrong_format, too_large and what parse_document returns.
[[nodiscard]] net::task<base::result<import_check>> plan_import(settings_desk& desk, discord::guild_id guild,
                                                                std::string text);

// Tells two plans apart: 16 hexadecimal digits over what would be saved and over which state. A person
// confirms the plan that was shown, not one that was made since.
[[nodiscard]] std::string fingerprint(const import_plan& plan);

// All of the plan, or, when somebody changed one of its features since it was made, the conflict.
[[nodiscard]] net::task<base::result<change_result>> apply_import(settings_desk& desk, import_plan plan,
                                                                  store::change_author author);

}  // namespace guildfleet::settings
