// One join or leave: as Discord tells it, and as it is kept until it is logged. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "discord/model/ids.hpp"

namespace guildfleet::features::member_logs {

enum class entry_kind { join, leave };

struct entry {
  entry_kind kind = entry_kind::join;
  discord::user_id user{};
  std::string name{};  // global name, or the user name
  bool bot = false;
  base::wall_time at{};
  std::optional<base::wall_time> joined{};  // of a leave; nullopt: before anything was written down
  std::uint32_t members = 0;                // of the server, after it
  std::uint64_t sequence = 0;               // of its event; not kept

  bool operator==(const entry&) const = default;
};

// `data`: the `d` of GUILD_MEMBER_ADD or GUILD_MEMBER_REMOVE. A join without a time is of `now`, as every
// leave is. nullopt: there is no user in it.
[[nodiscard]] std::optional<entry> read_entry(entry_kind kind, std::string_view data, base::wall_time now);

[[nodiscard]] std::string to_json(const entry& what);
[[nodiscard]] std::optional<entry> parse_entry(std::string_view json);

// Leaves bear no time of their own: one that comes again is known by its event's sequence. They come again
// for minutes at most, and another session may use the same numbers later.
struct noted_leave {
  std::uint64_t sequence = 0;
  base::wall_time at{};
  bool operator==(const noted_leave&) const = default;
};

// What is kept of a member: since when, whether the member has left since, and the latest leaves.
struct membership {
  std::optional<base::wall_time> joined{};
  bool left = false;
  std::vector<noted_leave> leaves{};
  bool operator==(const membership&) const = default;
};
[[nodiscard]] std::string to_json(const membership& what);
[[nodiscard]] membership parse_membership(std::string_view json);

// What an event means for what is kept of its member. Events may come twice, when a process died before they
// were known to be handled, in their order and from any of them on; the second time nothing is to be written.
struct step {
  membership now{};
  entry logged{};
};
[[nodiscard]] std::optional<step> next_step(const std::optional<membership>& before, const entry& event);

}  // namespace guildfleet::features::member_logs
