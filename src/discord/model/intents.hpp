// Which events a session asks for (protocol sheet 1.14).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "discord/model/bit_set.hpp"
#include "discord/model/event_type.hpp"

namespace guildfleet::discord {

enum class intent : std::uint32_t {
  guilds = 1U << 0U,
  guild_members = 1U << 1U,
  guild_moderation = 1U << 2U,
  guild_expressions = 1U << 3U,
  guild_integrations = 1U << 4U,
  guild_webhooks = 1U << 5U,
  guild_invites = 1U << 6U,
  guild_voice_states = 1U << 7U,
  guild_presences = 1U << 8U,
  guild_messages = 1U << 9U,
  guild_message_reactions = 1U << 10U,
  guild_message_typing = 1U << 11U,
  direct_messages = 1U << 12U,
  direct_message_reactions = 1U << 13U,
  direct_message_typing = 1U << 14U,
  message_content = 1U << 15U,
  guild_scheduled_events = 1U << 16U,
  auto_moderation_configuration = 1U << 20U,
  auto_moderation_execution = 1U << 21U,
  guild_message_polls = 1U << 24U,
  direct_message_polls = 1U << 25U,
};

template <>
inline constexpr bool is_bit<intent> = true;
// A session may be resumed when it has all intents that are needed now.
using intent_set = bit_set<intent>;

inline constexpr intent_set all_intents = intent_set::from_bits(53'608'447);
inline constexpr intent_set privileged_intents = intent_set(intent::guild_members) |
                                                 intent_set(intent::guild_presences) |
                                                 intent_set(intent::message_content);

// "GUILD_MEMBERS"; "UNKNOWN" for a bit without a name.
[[nodiscard]] std::string_view name_of(intent one);
// Names in ascending order of bits.
[[nodiscard]] std::vector<std::string_view> names_of(intent_set set);
// What the developer portal's switch is called, e.g. "Server Members Intent"; empty when it is not
// privileged.
[[nodiscard]] std::string_view portal_switch_of(intent one);

// The intents of which at least one brings this event; empty when the event needs none or is unknown.
[[nodiscard]] intent_set intents_for(event_type type);

}  // namespace guildfleet::discord
