// Numbers of the gateway protocol, version 10, as the simulator speaks it (protocol sheet 1.3, 1.11, 1.14).
#pragma once

#include <cstdint>
#include <string_view>

namespace guildfleet::sim {

namespace opcode {
inline constexpr int dispatch = 0;
inline constexpr int heartbeat = 1;
inline constexpr int identify = 2;
inline constexpr int presence_update = 3;
inline constexpr int voice_state_update = 4;
inline constexpr int resume = 6;
inline constexpr int reconnect = 7;
inline constexpr int request_guild_members = 8;
inline constexpr int invalid_session = 9;
inline constexpr int hello = 10;
inline constexpr int heartbeat_ack = 11;
inline constexpr int request_soundboard_sounds = 31;
inline constexpr int request_channel_info = 43;
}  // namespace opcode

namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t unknown_error = 4000;
inline constexpr std::uint16_t unknown_opcode = 4001;
inline constexpr std::uint16_t decode_error = 4002;
inline constexpr std::uint16_t not_authenticated = 4003;
inline constexpr std::uint16_t authentication_failed = 4004;
inline constexpr std::uint16_t already_authenticated = 4005;
inline constexpr std::uint16_t invalid_sequence = 4007;
inline constexpr std::uint16_t rate_limited = 4008;
inline constexpr std::uint16_t session_timed_out = 4009;
inline constexpr std::uint16_t invalid_shard = 4010;
inline constexpr std::uint16_t sharding_required = 4011;
inline constexpr std::uint16_t invalid_version = 4012;
inline constexpr std::uint16_t invalid_intents = 4013;
inline constexpr std::uint16_t disallowed_intents = 4014;
}  // namespace close_code

// The reason text of a close frame.
[[nodiscard]] std::string_view close_reason(std::uint16_t code);

// Whether a session can be resumed after its connection was closed with this code, by either side. 1000 and
// 1001 from the client end it; the same codes from the server (edge restart) do not.
[[nodiscard]] bool keeps_session_when_client_closes(std::uint16_t code);
[[nodiscard]] bool keeps_session_when_server_closes(std::uint16_t code);

namespace intent {
inline constexpr std::uint64_t guilds = 1U << 0U;
inline constexpr std::uint64_t guild_members = 1U << 1U;
inline constexpr std::uint64_t guild_moderation = 1U << 2U;
inline constexpr std::uint64_t guild_voice_states = 1U << 7U;
inline constexpr std::uint64_t guild_presences = 1U << 8U;
inline constexpr std::uint64_t guild_messages = 1U << 9U;
inline constexpr std::uint64_t guild_message_reactions = 1U << 10U;
inline constexpr std::uint64_t guild_message_typing = 1U << 11U;
inline constexpr std::uint64_t message_content = 1U << 15U;
inline constexpr std::uint64_t all = 53608447;  // bits 17-19, 22 and 23 are unassigned
}  // namespace intent

// The privileged intents among `intents` that an application with these flags may not use (GATEWAY_PRESENCE
// 1<<12, GATEWAY_GUILD_MEMBERS 1<<14, GATEWAY_MESSAGE_CONTENT 1<<18, and their _LIMITED twins one bit
// higher).
[[nodiscard]] std::uint64_t disallowed_intents(std::uint64_t intents, std::uint64_t application_flags);

// (guild_id >> 22) % shard_count
[[nodiscard]] constexpr int shard_of(std::uint64_t guild, int shard_count) {
  return static_cast<int>((guild >> 22U) % static_cast<std::uint64_t>(shard_count));
}

}  // namespace guildfleet::sim
