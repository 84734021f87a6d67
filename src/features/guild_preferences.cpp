#include "features/guild_preferences.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& values, std::string_view name) {
  const json::value* found = values.if_contains({name.data(), name.size()});
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

}  // namespace

net::task<guild_preferences> preferences_of(settings_port& settings, const discord::guild_state& guilds,
                                            discord::guild_id guild) {
  guild_preferences out;
  const auto current = co_await settings.get(guild, "guild-config");
  const std::string chosen = current ? text_at(current->values, "language") : std::string();
  if (chosen == "en" || chosen == "ja") {
    out.posts = language_of(chosen);
  } else if (const discord::guild_record* record = guilds.find_guild(guild)) {
    out.posts = language_of(record->preferred_locale());
  }
  if (current) {
    const auto channel = discord::parse_id<discord::channel_id>(text_at(current->values, "error_channel"));
    out.error_channel = channel.value_or(discord::channel_id{});
  }
  co_return out;
}

}  // namespace guildfleet::features
