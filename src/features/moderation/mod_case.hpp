// A case: what a moderator did, to whom, why, and who has changed the reason since. Kept for good.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "discord/model/ids.hpp"

namespace guildfleet::features {

enum class mod_action : std::uint8_t { warn, time_out, end_time_out, kick, ban, unban, ban_ended, purge };
[[nodiscard]] std::string_view name_of(mod_action value);
// Who is banned is another matter afterwards.
[[nodiscard]] constexpr bool changes_bans(mod_action what) {
  return what == mod_action::ban || what == mod_action::unban;
}

inline constexpr std::size_t longest_reason = 400;  // Discord's audit log takes 512, with who and number
inline constexpr std::size_t most_reasons = 10;     // earlier ones that a case keeps

struct earlier_reason {
  std::string reason{};
  discord::user_id by{};  // who replaced it
  base::wall_time at{};
  discord::interaction_id in{};  // which came of it
  bool operator==(const earlier_reason&) const = default;
};

struct mod_case {
  std::uint64_t number = 0;
  mod_action action = mod_action::warn;
  discord::user_id member{};      // empty: of a purge
  discord::user_id moderator{};   // empty: the bot by itself
  discord::channel_id channel{};  // of a purge
  base::wall_time at{};
  std::optional<base::wall_time> until{};
  std::string reason{};
  std::uint64_t ended = 0;   // the case of the ban that is over
  std::uint64_t purged = 0;  // messages that a purge takes, or has taken where Discord stopped it
  bool confirmed = false;    // Discord has said that it was done
  std::vector<earlier_reason> earlier{};
  bool operator==(const mod_case&) const = default;
};

[[nodiscard]] std::string to_json(const mod_case& one);
// nullopt: it is none that this release understands.
[[nodiscard]] std::optional<mod_case> parse_case(std::string_view json);

struct new_reason {
  std::string reason{};
  discord::user_id by{};
  base::wall_time at{};
  discord::interaction_id in{};
};
// The reason takes the place of the one before, which is kept. False: it was so already, or the interaction
// came again, as after a crash, and has had its effect: a later reason stays.
bool replace_reason(mod_case& of, new_reason with);

}  // namespace guildfleet::features
