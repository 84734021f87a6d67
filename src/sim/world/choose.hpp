// Fills in what a person left open: the first guild, its first text channel, its first human.
#pragma once

#include "base/result.hpp"
#include "sim/world/error.hpp"
#include "sim/world/state.hpp"

namespace guildfleet::sim {

struct place {
  guild_record* guild = nullptr;
  channel_record* channel = nullptr;
  member_record* member = nullptr;
};

// `channel` may be given without `guild`. Errors: unknown_guild, unknown_channel, not_a_member.
[[nodiscard]] base::result<guild_record*> choose_guild(world_state& state, id guild);
[[nodiscard]] base::result<place> choose_place(world_state& state, id guild, id channel, id user);

}  // namespace guildfleet::sim
