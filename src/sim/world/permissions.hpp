// What a member may do in a guild and in a channel (protocol sheet 5.3).
#pragma once

#include "sim/world/state.hpp"

namespace guildfleet::sim {

// Without overwrites. 0 when the user is no member.
[[nodiscard]] bits guild_permissions(const world_state& state, const guild_record& guild, id user);
// With the overwrites of the channel, or of a thread's parent, and what is implied by missing bits.
[[nodiscard]] bits channel_permissions(const world_state& state, const channel_record& channel, id user);

// Position of the highest role; the owner is above all.
[[nodiscard]] int highest_position(const guild_record& guild, id user);
// May `actor` kick, ban, rename or time out `target`? Nobody may act on the owner.
[[nodiscard]] bool outranks(const guild_record& guild, id actor, id target);
[[nodiscard]] bool timed_out(const world_state& state, const member_record& member);

}  // namespace guildfleet::sim
