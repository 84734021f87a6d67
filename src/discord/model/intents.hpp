// Which events a session asks for (protocol sheet 1.14).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

class intent_set final {
 public:
  constexpr intent_set() = default;
  constexpr intent_set(intent one) : bits_(static_cast<std::uint64_t>(one)) {}  // NOLINT: a set of one
  [[nodiscard]] static constexpr intent_set from_bits(std::uint64_t bits) {
    intent_set set;
    set.bits_ = bits;
    return set;
  }
  [[nodiscard]] constexpr std::uint64_t bits() const { return bits_; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  // All of `wanted`: a session may be resumed when it has all intents that are needed now.
  [[nodiscard]] constexpr bool has(intent_set wanted) const { return (bits_ & wanted.bits_) == wanted.bits_; }
  [[nodiscard]] constexpr intent_set operator|(intent_set other) const {
    return from_bits(bits_ | other.bits_);
  }
  [[nodiscard]] constexpr intent_set operator&(intent_set other) const {
    return from_bits(bits_ & other.bits_);
  }
  constexpr intent_set& operator|=(intent_set other) {
    bits_ |= other.bits_;
    return *this;
  }
  constexpr bool operator==(const intent_set&) const = default;

 private:
  std::uint64_t bits_ = 0;
};

[[nodiscard]] constexpr intent_set operator|(intent a, intent b) {
  return intent_set(a) | intent_set(b);
}

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
