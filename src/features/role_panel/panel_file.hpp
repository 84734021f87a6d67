// Role panels as a file that people can read and change, and back. Pure.
#pragma once

#include <expected>

#include "features/role_panel/panel.hpp"
#include "settings/validate.hpp"

namespace guildfleet::features {

// {"format": "guildfleet-role-panels", "version": 1, "guild": "...", "panels": [...]}: what the panels offer
// and say, not where they are posted. Roles by id, and by their present name, for another server.
[[nodiscard]] std::string panel_file(std::span<const panel> all, const discord::guild_record* guild,
                                     discord::guild_id of);

// Panels without numbers, whose roles are as the file says: an id may be empty, or of another server. What is
// wrong is told with its place in the file. Errors: what settings::parse_document returns.
using panel_reading = std::expected<std::vector<panel>, std::vector<settings::problem>>;
[[nodiscard]] base::result<panel_reading> read_panel_file(std::string_view text);

// The role of this server that is meant: by its id, or by a name that one alone has; null: there is none.
[[nodiscard]] const discord::role_record* find_meant(const discord::guild_record& guild,
                                                     const panel_role& role);

}  // namespace guildfleet::features
