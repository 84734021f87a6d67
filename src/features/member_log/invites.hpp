// Which invites were used, found out from how often each had been used before. Discord does not tell. Pure.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "discord/model/ids.hpp"
#include "features/text.hpp"

namespace guildfleet::features::member_logs {

struct invite_count {
  std::uint32_t uses = 0;
  std::uint32_t max_uses = 0;  // 0: any number
  discord::user_id inviter{};  // empty: not told
  std::optional<base::wall_time> expires{};
  bool operator==(const invite_count&) const = default;
};
using invite_counts = std::map<std::string, invite_count, std::less<>>;  // by code

// The answer of GET /guilds/{id}/invites; nullopt: it is no list.
[[nodiscard]] std::optional<invite_counts> read_invites(std::string_view json);

// As it is kept; no longer than `most_bytes`, the most used first. What is left out counts as not used yet.
[[nodiscard]] std::string to_text(const invite_counts& counts, std::size_t most_bytes = 60'000);
[[nodiscard]] invite_counts parse_counts(std::string_view text);

struct used_invite {
  std::string code{};
  discord::user_id inviter{};
  std::uint32_t uses = 0;    // in all
  std::uint32_t gained = 0;  // since the last look
  bool operator==(const used_invite&) const = default;
};

// The invites whose counts grew, the one that grew most first. One that is gone was used up, if nothing but
// its last uses was left of it: at most `joins` of them, and it had not expired.
[[nodiscard]] std::vector<used_invite> used_between(const invite_counts& before, const invite_counts& now,
                                                    std::uint32_t joins, base::wall_time at);

// What can be said of `joins` members who joined in between.
struct used_invites {
  std::vector<used_invite> used{};
  bool certain = false;  // one invite, used as often as members joined
};
[[nodiscard]] used_invites attribute(std::vector<used_invite> used, std::uint32_t joins);

[[nodiscard]] std::string to_json(const used_invites& what);
[[nodiscard]] used_invites parse_used(std::string_view json);

// "`abc` by @someone (12 uses)", "probably `abc` or `def`", "unknown": of one member who joined.
[[nodiscard]] std::string told_of_one(const used_invites& what, language in);
// "`abc` × 480 (@someone), `def` × 20 (@other)": of many at once; empty: nothing is known.
[[nodiscard]] std::string told_of_many(const used_invites& what, language in);

}  // namespace guildfleet::features::member_logs
