// Which messages a purge takes, and how they can be deleted. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "discord/model/ids.hpp"

namespace guildfleet::features {

inline constexpr std::size_t most_purged = 500;
inline constexpr std::size_t most_old_purged = 100;  // Discord lets 30 in two minutes go
inline constexpr std::size_t most_searched = 1'000;  // the latest of the channel

struct stored_message {
  discord::message_id id{};
  discord::user_id author{};
  bool by_bot = false;
  bool pinned = false;
  bool has_files = false;
  std::string content{};
  bool operator==(const stored_message&) const = default;
};
// Of GET /channels/{id}/messages, the newest first. Errors: rest_error::malformed_response.
[[nodiscard]] base::result<std::vector<stored_message>> parse_messages(std::string_view json);

enum class purge_kind : std::uint8_t { all, bots, links, invites, files };
struct purge_filter {
  std::size_t count = 0;      // so many of those that it takes, the newest
  discord::user_id author{};  // empty: of everybody
  purge_kind kind = purge_kind::all;
  std::string contains{};  // folded; empty: whatever they say
};
// Pinned ones are taken never.
[[nodiscard]] bool takes(const purge_filter& filter, const stored_message& message);

// What Discord deletes at once, and what is older than 14 days and goes one by one.
struct purge_plan {
  std::vector<discord::message_id> young{};
  std::vector<discord::message_id> old{};
  std::size_t left_out = 0;  // old ones beyond the limit

  [[nodiscard]] std::size_t size() const { return young.size() + old.size(); }
};
// Some minutes before Discord's limit, as time passes until they are deleted.
[[nodiscard]] purge_plan plan_of(const std::vector<discord::message_id>& messages, base::wall_time now);

// As a flow keeps it: ids with blanks between.
[[nodiscard]] std::string to_text(const std::vector<discord::message_id>& messages);
[[nodiscard]] std::vector<discord::message_id> messages_in(std::string_view text);

}  // namespace guildfleet::features
