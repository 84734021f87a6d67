// What the server as a whole has set: its language, and where problems are reported.
#pragma once

#include <optional>

#include "discord/model/guild_state.hpp"
#include "features/settings_port.hpp"
#include "features/text.hpp"

namespace guildfleet::features {

struct guild_preferences {
  language posts = language::english;   // of what the bot posts there
  discord::channel_id error_channel{};  // empty: problems are reported nowhere
};

// As /config says; a language that is not set there is the server's own. What cannot be read counts as not
// set.
[[nodiscard]] net::task<guild_preferences> preferences_of(settings_port& settings,
                                                          const discord::guild_state& guilds,
                                                          discord::guild_id guild);

}  // namespace guildfleet::features
