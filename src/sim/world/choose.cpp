#include "sim/world/choose.hpp"

namespace guildfleet::sim {

base::result<guild_record*> choose_guild(world_state& state, id guild) {
  if (guild == 0 && !state.guild_order.empty()) guild = state.guild_order.front();
  if (auto* const found = find_guild(state, guild)) return found;
  return base::fail(world_error::unknown_guild, id_text(guild), "GET /_sim/guilds lists them");
}

namespace {

base::result<channel_record*> choose_channel(world_state& state, const guild_record& guild, id channel) {
  if (channel != 0) {
    auto* const found = find_channel(state, channel);
    if (found != nullptr && found->guild == guild.guild) return found;
    return base::fail(world_error::unknown_channel, id_text(channel), "GET /_sim/guilds lists them");
  }
  for (const id which : guild.channels) {
    auto* const found = find_channel(state, which);
    if (found != nullptr && found->type == channel_type::text) return found;
  }
  return base::fail(world_error::unknown_channel, id_text(guild.guild), "The guild has no text channel");
}

base::result<member_record*> choose_member(world_state& state, guild_record& guild, id user) {
  if (user != 0) {
    if (auto* const found = find_member(guild, user)) return found;
    return base::fail(world_error::not_a_member, id_text(user), "Let the user join first: POST /_sim/join");
  }
  for (auto& [which, member] : guild.members) {
    if (!state.bots.contains(which)) return &member;
  }
  return base::fail(world_error::not_a_member, id_text(guild.guild), "The guild has no human member");
}

}  // namespace

base::result<place> choose_place(world_state& state, id guild, id channel, id user) {
  if (guild == 0 && channel != 0) {
    const auto* const known = find_channel(state, channel);
    if (known == nullptr)
      return base::fail(world_error::unknown_channel, id_text(channel), "GET /_sim/guilds lists them");
    guild = known->guild;
  }
  const auto where = choose_guild(state, guild);
  if (!where) return std::unexpected(where.error());
  const auto room = choose_channel(state, **where, channel);
  if (!room) return std::unexpected(room.error());
  const auto who = choose_member(state, **where, user);
  if (!who) return std::unexpected(who.error());
  return place{.guild = *where, .channel = *room, .member = *who};
}

}  // namespace guildfleet::sim
