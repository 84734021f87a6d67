// What a member may do: permission bits and how they are computed (protocol sheet 5.2, 5.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "discord/model/bit_set.hpp"
#include "discord/model/channel_type.hpp"

namespace guildfleet::discord {

enum class permission : std::uint64_t {
  create_instant_invite = 1ULL << 0U,
  kick_members = 1ULL << 1U,
  ban_members = 1ULL << 2U,
  administrator = 1ULL << 3U,
  manage_channels = 1ULL << 4U,
  manage_guild = 1ULL << 5U,
  add_reactions = 1ULL << 6U,
  view_audit_log = 1ULL << 7U,
  priority_speaker = 1ULL << 8U,
  stream = 1ULL << 9U,
  view_channel = 1ULL << 10U,
  send_messages = 1ULL << 11U,
  send_tts_messages = 1ULL << 12U,
  manage_messages = 1ULL << 13U,
  embed_links = 1ULL << 14U,
  attach_files = 1ULL << 15U,
  read_message_history = 1ULL << 16U,
  mention_everyone = 1ULL << 17U,
  use_external_emojis = 1ULL << 18U,
  view_guild_insights = 1ULL << 19U,
  connect = 1ULL << 20U,
  speak = 1ULL << 21U,
  mute_members = 1ULL << 22U,
  deafen_members = 1ULL << 23U,
  move_members = 1ULL << 24U,
  use_vad = 1ULL << 25U,
  change_nickname = 1ULL << 26U,
  manage_nicknames = 1ULL << 27U,
  manage_roles = 1ULL << 28U,
  manage_webhooks = 1ULL << 29U,
  manage_guild_expressions = 1ULL << 30U,
  use_application_commands = 1ULL << 31U,
  request_to_speak = 1ULL << 32U,
  manage_events = 1ULL << 33U,
  manage_threads = 1ULL << 34U,
  create_public_threads = 1ULL << 35U,
  create_private_threads = 1ULL << 36U,
  use_external_stickers = 1ULL << 37U,
  send_messages_in_threads = 1ULL << 38U,
  use_embedded_activities = 1ULL << 39U,
  moderate_members = 1ULL << 40U,
  view_creator_monetization_analytics = 1ULL << 41U,
  use_soundboard = 1ULL << 42U,
  create_guild_expressions = 1ULL << 43U,
  create_events = 1ULL << 44U,
  use_external_sounds = 1ULL << 45U,
  send_voice_messages = 1ULL << 46U,
  set_voice_channel_status = 1ULL << 48U,
  send_polls = 1ULL << 49U,
  use_external_apps = 1ULL << 50U,
  pin_messages = 1ULL << 51U,
  bypass_slowmode = 1ULL << 52U,
};

template <>
inline constexpr bool is_bit<permission> = true;
// An administrator's computed set holds every bit, so has() needs no special case.
using permission_set = bit_set<permission>;

// The decimal string that Discord sends; bits above 63 are lost. nullopt when it is not a number.
[[nodiscard]] std::optional<permission_set> parse_permissions(std::string_view decimal);

// Every documented bit.
inline constexpr permission_set all_permissions = permission_set::from_bits(8'866'461'766'385'663ULL);

// The name that Discord's English client shows, e.g. "Manage Channels"; nullopt for an unassigned bit.
[[nodiscard]] std::optional<std::string_view> display_name(permission one);
// Display names in ascending order of bits; unknown bits appear as "Permission 47".
[[nodiscard]] std::vector<std::string> display_names(permission_set set);

struct overwrite_bits {
  permission_set allow;
  permission_set deny;
};

// The overwrites of one channel that concern one member. Role overwrites are united: among roles an allow
// wins over a deny, whatever their positions.
struct member_overwrites {
  overwrite_bits everyone;
  overwrite_bits roles;
  overwrite_bits member;
};

// Steps 1 to 3 of the sheet: the owner and administrators have everything. `roles` unites the member's roles.
[[nodiscard]] permission_set base_permissions(bool is_owner, permission_set everyone, permission_set roles);

// Steps 4 to 6. A base with Administrator ignores overwrites.
[[nodiscard]] permission_set apply_overwrites(permission_set base, const member_overwrites& overwrites);

// What is left when the implicit rules are applied: nothing without View Channel, no mentions, files or links
// without Send Messages, nothing in a voice channel without Connect; in a thread (whose `computed` is the
// parent's) sending follows Send Messages in Threads.
[[nodiscard]] permission_set apply_implicit_rules(permission_set computed, channel_type type);

// What a member whose time-out runs may do. Owner and administrators are not affected.
[[nodiscard]] permission_set apply_time_out(permission_set computed);

}  // namespace guildfleet::discord
