// Permission and intent bits (protocol sheet 1.14 and 5.2), the simulator's own copy: it is an independent
// witness.
#pragma once

#include <cstdint>

namespace guildfleet::sim {

using bits = std::uint64_t;

namespace permission {
inline constexpr bits create_instant_invite = 1ULL << 0U;
inline constexpr bits kick_members = 1ULL << 1U;
inline constexpr bits ban_members = 1ULL << 2U;
inline constexpr bits administrator = 1ULL << 3U;
inline constexpr bits manage_channels = 1ULL << 4U;
inline constexpr bits manage_guild = 1ULL << 5U;
inline constexpr bits add_reactions = 1ULL << 6U;
inline constexpr bits view_audit_log = 1ULL << 7U;
inline constexpr bits view_channel = 1ULL << 10U;
inline constexpr bits send_messages = 1ULL << 11U;
inline constexpr bits send_tts_messages = 1ULL << 12U;
inline constexpr bits manage_messages = 1ULL << 13U;
inline constexpr bits embed_links = 1ULL << 14U;
inline constexpr bits attach_files = 1ULL << 15U;
inline constexpr bits read_message_history = 1ULL << 16U;
inline constexpr bits mention_everyone = 1ULL << 17U;
inline constexpr bits connect = 1ULL << 20U;
inline constexpr bits mute_members = 1ULL << 22U;
inline constexpr bits deafen_members = 1ULL << 23U;
inline constexpr bits move_members = 1ULL << 24U;
inline constexpr bits change_nickname = 1ULL << 26U;
inline constexpr bits manage_nicknames = 1ULL << 27U;
inline constexpr bits manage_roles = 1ULL << 28U;
inline constexpr bits manage_webhooks = 1ULL << 29U;
inline constexpr bits use_application_commands = 1ULL << 31U;
inline constexpr bits manage_threads = 1ULL << 34U;
inline constexpr bits create_public_threads = 1ULL << 35U;
inline constexpr bits create_private_threads = 1ULL << 36U;
inline constexpr bits send_messages_in_threads = 1ULL << 38U;
inline constexpr bits moderate_members = 1ULL << 40U;
inline constexpr bits set_voice_channel_status = 1ULL << 48U;
inline constexpr bits send_polls = 1ULL << 49U;
inline constexpr bits pin_messages = 1ULL << 51U;
inline constexpr bits all = 8866461766385663ULL;
// What @everyone of a new guild may do.
inline constexpr bits everyone_default =
    create_instant_invite | add_reactions | view_channel | send_messages | embed_links | attach_files |
    read_message_history | mention_everyone | connect | (1ULL << 9U) | (1ULL << 18U) | (1ULL << 21U) |
    (1ULL << 25U) | change_nickname | use_application_commands | create_public_threads |
    create_private_threads | send_messages_in_threads | send_polls;
}  // namespace permission

namespace intent {
inline constexpr bits guilds = 1ULL << 0U;
inline constexpr bits guild_members = 1ULL << 1U;
inline constexpr bits guild_moderation = 1ULL << 2U;
inline constexpr bits guild_webhooks = 1ULL << 5U;
inline constexpr bits guild_invites = 1ULL << 6U;
inline constexpr bits guild_voice_states = 1ULL << 7U;
inline constexpr bits guild_presences = 1ULL << 8U;
inline constexpr bits guild_messages = 1ULL << 9U;
inline constexpr bits guild_message_reactions = 1ULL << 10U;
inline constexpr bits guild_message_typing = 1ULL << 11U;
inline constexpr bits direct_messages = 1ULL << 12U;
inline constexpr bits direct_message_reactions = 1ULL << 13U;
inline constexpr bits direct_message_typing = 1ULL << 14U;
}  // namespace intent

namespace application_flag {
inline constexpr bits guild_members = (1ULL << 14U) | (1ULL << 15U);
inline constexpr bits message_content = (1ULL << 18U) | (1ULL << 19U);
}  // namespace application_flag

namespace channel_type {
inline constexpr int text = 0;
inline constexpr int dm = 1;
inline constexpr int voice = 2;
inline constexpr int category = 4;
inline constexpr int announcement = 5;
inline constexpr int announcement_thread = 10;
inline constexpr int public_thread = 11;
inline constexpr int private_thread = 12;
inline constexpr int stage = 13;
inline constexpr int forum = 15;
}  // namespace channel_type

namespace message_flag {
inline constexpr bits suppress_embeds = 4;
inline constexpr bits has_thread = 32;
inline constexpr bits ephemeral = 64;
inline constexpr bits loading = 128;
inline constexpr bits components_v2 = 32768;
}  // namespace message_flag

}  // namespace guildfleet::sim
