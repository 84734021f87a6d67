// Members, roles, bans and voice of a guild. Each function publishes its events and writes the audit log;
// permissions and hierarchy are checked by callers.
#pragma once

#include "sim/world/publish.hpp"

namespace guildfleet::sim {

// GUILD_MEMBER_ADD, and GUILD_CREATE for a bot that is added.
member_record& add_member(world_state& state, guild_record& guild, id user);
enum class departure { left, kicked, banned };
// GUILD_MEMBER_REMOVE, VOICE_STATE_UPDATE when in voice, GUILD_DELETE for a bot itself.
void remove_member(world_state& state, guild_record& guild, id user, departure how, const actor& by);
// GUILD_MEMBER_UPDATE after the caller changed the record; a bot needs no intent for its own.
void member_changed(world_state& state, const guild_record& guild, const member_record& member);
void set_roles(world_state& state, guild_record& guild, member_record& member, std::vector<id> roles,
               const actor& by);
void audit_member(world_state& state, guild_record& guild, id user, json::array changes, const actor& by);

void ban(world_state& state, guild_record& guild, id user, std::chrono::seconds purge, const actor& by);
void unban(world_state& state, guild_record& guild, id user, const actor& by);

role_record& create_role(world_state& state, guild_record& guild, role_record draft, const actor& by);
[[nodiscard]] role_record new_role(std::string name, bits permissions);
void role_changed(world_state& state, guild_record& guild, const role_record& role, json::array changes,
                  const actor& by);
// GUILD_ROLE_DELETE, GUILD_MEMBER_UPDATE for holders, CHANNEL_UPDATE for overwrites.
void delete_role(world_state& state, guild_record& guild, id role, const actor& by);

// Joins, moves, or leaves (channel 0). VOICE_STATE_UPDATE, and VOICE_SERVER_UPDATE for a bot itself.
void set_voice(world_state& state, guild_record& guild, const voice_state_record& voice);
void voice_changed(world_state& state, const guild_record& guild, const voice_state_record& voice);

}  // namespace guildfleet::sim
