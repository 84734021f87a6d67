// What options of /role-panel suggest while somebody types, and how panels are listed. Pure.
#pragma once

#include "discord/interactions/callback.hpp"
#include "discord/interactions/interaction.hpp"
#include "features/role_panel/panel.hpp"

namespace guildfleet::features {

// For the option that is being typed: panels, or the roles of the panel that is chosen already; those that
// contain what was typed.
[[nodiscard]] std::vector<discord::choice> suggestions_for(const discord::command_data& command,
                                                           std::span<const panel> all,
                                                           const discord::guild_record* guild, language in);

// The role that is meant by its id, label or name; null: none of the panel's.
[[nodiscard]] const panel_role* find_entry(const panel& of, std::string_view meant,
                                           const discord::guild_record* guild);

// "#2 Colours: Buttons, Toggle, 3 of 25 roles, #rules". `is_deleted`: the message that was posted.
[[nodiscard]] std::string line_of(const panel& what, const discord::guild_record* guild, bool is_deleted,
                                  language in);
// "Colours: Buttons, Toggle, @red @green": of one that is to be made.
[[nodiscard]] std::string line_of_new(const panel& what, language in);

}  // namespace guildfleet::features
