// The records as Discord's JSON (protocol sheet appendix A and 1.18).
#pragma once

#include "sim/world/state.hpp"

namespace guildfleet::sim {

[[nodiscard]] json::object user_json(const user_record& user);
[[nodiscard]] json::object user_json(const world_state& state, id user);  // a placeholder for an unknown one
[[nodiscard]] json::object self_json(const world_state& state, const bot_record& bot);
[[nodiscard]] json::object member_json(const world_state& state, const member_record& member,
                                       bool with_user = true);
[[nodiscard]] json::object role_json(const role_record& role);
[[nodiscard]] json::object channel_json(const world_state& state, const channel_record& channel);
[[nodiscard]] json::object thread_member_json(const channel_record& thread, id user, base::wall_time joined);
// The guild without the parts that only GUILD_CREATE has.
[[nodiscard]] json::object guild_json(const guild_record& guild);
[[nodiscard]] json::object guild_create_json(const world_state& state, const guild_record& guild,
                                             id application, std::uint64_t intents);
[[nodiscard]] json::object voice_state_json(const world_state& state, const guild_record& guild,
                                            const voice_state_record& voice, bool with_guild = true);
[[nodiscard]] json::object presence_json(const world_state& state, id guild, id user);
[[nodiscard]] json::object ban_json(const world_state& state, const ban_record& ban);
[[nodiscard]] json::object invite_json(const world_state& state, const invite_record& invite,
                                       bool with_metadata);
[[nodiscard]] json::object webhook_json(const world_state& state, const webhook_record& webhook,
                                        bool with_user = true);

// A message as `viewer` (application id, 0: nobody special) reads it by REST: `me` of reactions, and the
// content blanked for a bot without the MESSAGE_CONTENT flag.
[[nodiscard]] json::object message_json(const world_state& state, const message_record& message, id viewer);
// `d` of MESSAGE_CREATE and MESSAGE_UPDATE: with guild_id, member and channel_type.
[[nodiscard]] json::object message_event_json(const world_state& state, const message_record& message);

}  // namespace guildfleet::sim
