// What becomes of a rollout as time goes on, and what a person makes of it. Deciders. Any node may ask them;
// it writes the answer back only where the store still holds the rollout that it asked about.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/rollout.hpp"

namespace guildfleet::fleet {

struct release_strength {
  std::uint32_t nodes = 0;   // living, that do not drain
  std::uint32_t weight = 0;  // of these
  bool operator==(const release_strength&) const = default;
};

// Guilds on which the new release acts though their shard is the old one's.
struct delegation_seen {
  double share = 0;        // of the delegating shard's guilds, as places_at() has it
  std::size_t chosen = 0;  // of the chosen guilds; those whose shard is the new release's count too
  bool operator==(const delegation_seen&) const = default;
};

// A verdict about another window than [rollout.since, now] counts nothing.
struct judgement {
  base::wall_time window_from{};
  verdict says{};
};

struct rollout_view {
  std::map<std::string, release_strength> strengths{};  // by release; of those without a living node none
  std::vector<std::string> owners{};                    // of each shard: its release; empty: nobody owns it
  delegation_seen delegation{};
  judgement judged{};
};

// `now`: by the store's clock. Where it runs back a state's time begins anew; nothing is decided early.
[[nodiscard]] rollout_step decide(const rollout& current, const rollout_view& view, base::wall_time now);

// Of one that begins after others: `others` has, for each bot of current.after, the state of its newest
// rollout to the same release; nullopt: there is none. nullopt is returned while it waits on.
[[nodiscard]] std::optional<rollout_step> after_others(const rollout& current,
                                                       std::span<const std::optional<rollout_state>> others,
                                                       base::wall_time now);

enum class rollout_command {
  pause,         // no further step; what is judged bad moves back nevertheless
  resume,        // the step's observation begins anew
  retry,         // of one that rolled back or failed: from its beginning
  promote,       // the next step now
  promote_full,  // 100 % now
  abort,         // stop, and move back
  undo,          // of one that is done: back to the old release, at once
};
[[nodiscard]] std::string_view name_of(rollout_command command);

// `who` is named in the events. Errors: fleet_error::rollout_command, with what to do instead.
[[nodiscard]] base::result<rollout_step> obey(const rollout& current, rollout_command command,
                                              std::string_view who, base::wall_time now);

}  // namespace guildfleet::fleet
