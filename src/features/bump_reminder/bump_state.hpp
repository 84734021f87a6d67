// What a server keeps of its bumps, and what is said because of them. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "discord/interactions/custom_id.hpp"
#include "discord/rest/message_body.hpp"
#include "features/bump_reminder/bump_message.hpp"
#include "features/text.hpp"
#include "store/record_rows.hpp"

namespace guildfleet::features {

// What the server chose, with defaults.
struct bump_settings {
  bool enabled = false;
  bool confirm = true;
  discord::role_id role{};        // empty: nobody but who opted in
  discord::channel_id channel{};  // empty: where the server was bumped
  std::chrono::seconds wait{7'200};
  bool disboard = true;
  bool dissoku = true;

  [[nodiscard]] bool wants(bump_service service) const {
    return enabled && (service == bump_service::disboard ? disboard : dissoku);
  }
  bool operator==(const bump_settings&) const = default;
};
[[nodiscard]] bump_settings bump_settings_in(const boost::json::object& values);

// The latest bump with a service: a record of the kind "bump" with the service's name as key.
inline constexpr std::string_view bump_kind = "bump";
// What a reminder is made of.
struct reminder_facts {
  discord::channel_id channel{};
  discord::role_id role{};  // empty: none
  std::vector<discord::user_id> members{};
  language in = language::english;
  bool operator==(const reminder_facts&) const = default;
};
struct last_bump {
  discord::message_id message{};
  discord::channel_id channel{};
  discord::user_id by{};
  base::wall_time due{};
  std::string owner{};     // the bot whose timer reminds
  bool reminded = false;   // or not to be reminded of any more
  bool confirmed = false;  // or not to be confirmed
  // Of the reminder that was tried first; a later attempt goes on with it, whatever is set by then: what may
  // stand in the channel already is looked for by what it says.
  std::optional<reminder_facts> tried{};
  bool operator==(const last_bump&) const = default;
};
[[nodiscard]] store::record_key key_of_bump(discord::guild_id guild, bump_service service);
[[nodiscard]] std::string to_record(const last_bump& what);
[[nodiscard]] last_bump read_last_bump(std::string_view value);
// A reminder that could not be posted in time is of use until somebody may have bumped again.
inline constexpr std::chrono::hours useful_for{12};
// Of the timer that reminds.
[[nodiscard]] std::string timer_key(discord::guild_id guild, bump_service service,
                                    discord::message_id message);

// Who wants to be reminded: one record for a server, so that no edit is lost and the limit holds.
[[nodiscard]] store::record_key key_of_members(discord::guild_id guild);
inline constexpr std::size_t most_reminded = 75;  // so many mentions fit into one message
[[nodiscard]] std::vector<discord::user_id> read_members(std::string_view value);
[[nodiscard]] std::string members_record(const std::vector<discord::user_id>& members);

enum class opt_outcome { done, already, full };
[[nodiscard]] opt_outcome opt_in(std::vector<discord::user_id>& members, discord::user_id who);
[[nodiscard]] opt_outcome opt_out(std::vector<discord::user_id>& members, discord::user_id who);

// Mentions the role and the members, and nobody else.
[[nodiscard]] discord::message_body reminder_of(bump_service service, const reminder_facts& facts);
// Says that a bump was noticed, and mentions nobody.
[[nodiscard]] discord::message_body confirmation_of(bump_service service, const last_bump& what, language in);

}  // namespace guildfleet::features
