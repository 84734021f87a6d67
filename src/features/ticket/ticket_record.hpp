// One ticket as it is kept, what a server chose about tickets, and what follows from both. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "discord/model/ids.hpp"
#include "discord/rest/guild_bodies.hpp"

namespace guildfleet::features {

enum class ticket_state : std::uint8_t {
  opening,  // its channel is being made
  open,
  closed,
  deleting  // its channel is being deleted
};

inline constexpr std::int64_t most_open_tickets = 10;  // of a member, at the highest setting
inline constexpr std::size_t most_ticket_members = 20;
inline constexpr std::size_t most_staff_roles = 10;
inline constexpr int longest_subject = 1'000;
inline constexpr int longest_reason = 500;
inline constexpr std::int64_t longest_deletion_days = 365;

struct ticket_record {
  std::uint64_t number = 0;  // 1, 2, 3, ... in its server
  discord::user_id user{};   // whose it is
  discord::channel_id channel{};
  ticket_state state = ticket_state::opening;
  std::uint64_t slot = 0;  // of its user's, while it counts; 0: it does not
  std::string subject{};
  discord::user_id claimed_by{};
  std::vector<discord::user_id> members{};  // who were added
  discord::interaction_id added_by{};       // that added the last of them
  // The interaction that changed the state last: when it comes again, it goes on where it was. Older ones
  // that come again change nothing any more.
  discord::interaction_id changed_by{};
  // When it is closed: the days until its deletion count from here.
  base::wall_time counted_from{};
  std::optional<std::chrono::milliseconds> paused_after{};  // how much of them was over when it was paused
  base::wall_time timer{};                                  // its timer is due then; 0: there is none
  bool operator==(const ticket_record&) const = default;
};

[[nodiscard]] std::string stored(const ticket_record& what);
// nullopt: not what a release wrote.
[[nodiscard]] std::optional<ticket_record> read_ticket(std::string_view stored);

// What a server set.
struct ticket_settings {
  std::vector<discord::role_id> staff{};
  discord::channel_id category{};
  discord::channel_id log{};
  std::size_t most = 1;
  std::chrono::seconds delete_after{0};  // 0: never
  bool mention_staff = false;
  std::string welcome{};
};
// `values`: valid ones, with defaults.
[[nodiscard]] ticket_settings read_ticket_settings(const boost::json::object& values);

// When its channel is to be deleted; nullopt: not by itself.
[[nodiscard]] std::optional<base::wall_time> deletion_of(const ticket_record& what,
                                                         std::chrono::seconds delete_after);
void pause(ticket_record& what, base::wall_time now);
void go_on(ticket_record& what, base::wall_time now);

// "ticket-0042"; and what tells it from another channel of that name.
[[nodiscard]] std::string channel_name_of(const ticket_record& what);
[[nodiscard]] std::string channel_topic_of(const ticket_record& what);

// Who sees the channel: its user, the staff, the bot; nobody else.
[[nodiscard]] std::vector<discord::overwrite_body> overwrites_of(const ticket_record& what,
                                                                 discord::guild_id guild,
                                                                 discord::user_id bot,
                                                                 std::span<const discord::role_id> staff);
// Of its user and who were added; they read a closed one.
[[nodiscard]] discord::overwrite_body overwrite_of_member(discord::user_id member, bool may_write);

// The slot's number that is free of 1 to `most`; nullopt: the member has as many tickets as allowed.
[[nodiscard]] std::optional<std::uint64_t> free_slot(std::span<const std::uint64_t> taken, std::size_t most);

}  // namespace guildfleet::features
