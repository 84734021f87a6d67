#include "features/guild_preferences.hpp"

#include "settings/typed_reading.hpp"

namespace guildfleet::features {

net::task<guild_preferences> preferences_of(settings_port& settings, const discord::guild_state& guilds,
                                            discord::guild_id guild) {
  guild_preferences out;
  const auto current = co_await settings.get(guild, "guild-config");
  const std::string_view chosen = current ? settings::words(current->values, "language") : "";
  if (chosen == "en" || chosen == "ja") {
    out.posts = language_of(chosen);
  } else if (const discord::guild_record* record = guilds.find_guild(guild)) {
    out.posts = language_of(record->preferred_locale());
  }
  if (current) out.error_channel = settings::id<discord::channel_id>(current->values, "error_channel");
  co_return out;
}

}  // namespace guildfleet::features
