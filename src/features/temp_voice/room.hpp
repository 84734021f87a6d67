// A temporary voice channel: what is kept of it, who may enter it, and what may be done with it when. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "discord/model/guild_record.hpp"
#include "discord/model/ids.hpp"
#include "discord/rest/guild_bodies.hpp"

namespace guildfleet::features::temp_voices {

constexpr std::size_t most_rooms = 100;         // of a server at once
constexpr std::size_t most_in_category = 50;    // channels, Discord's limit
constexpr std::size_t most_named_members = 50;  // who have an own overwrite in a room
constexpr std::size_t most_overwrites = 100;    // in one request, Discord's limit
constexpr std::size_t longest_name = 100;
constexpr int highest_limit = 99;
constexpr int renames_allowed = 2;  // in rename_window: Discord's limit, which no header shows
constexpr std::chrono::minutes rename_window{10};

struct room {
  discord::user_id owner{};
  discord::channel_id channel{};           // empty: it is being made
  discord::channel_id trigger{};           // the channel that it was made from
  base::wall_time made{};                  // when the row was written
  bool locked = false;                     // nobody else can connect
  bool hidden = false;                     // nobody else can see it
  std::vector<discord::user_id> guests{};  // who were inside when it was locked or hidden
  std::vector<discord::user_id> kicked{};
  std::vector<base::wall_time> renamed{};          // within the window
  std::vector<discord::interaction_id> applied{};  // the latest that changed it

  bool operator==(const room&) const = default;
};

[[nodiscard]] std::string to_json(const room& what);
// nullopt: no room.
[[nodiscard]] std::optional<room> parse_room(std::string_view json);

// When the next rename is possible; nullopt: now.
[[nodiscard]] std::optional<base::wall_time> rename_possible_at(const room& what, base::wall_time now);
// The interaction changed the room already, and comes again after a crash.
[[nodiscard]] bool was_applied(const room& what, discord::interaction_id interaction);
// False: it was.
[[nodiscard]] bool note_applied(room& what, discord::interaction_id interaction);

// Counts one at `now`, and forgets those that are out of the window.
void count_rename(room& what, base::wall_time now);

// A name for a channel: `name` within the server's pattern ("{name}"), on one line, within Discord's limit;
// empty: nothing is left of it.
[[nodiscard]] std::string room_name(std::string_view pattern, std::string_view name);

// Who may see and enter the room: as in the trigger channel, changed by what its owner chose. The bot and the
// owner always may, who was kicked never. `everyone` is the server's own id; a bot sets only permissions that
// it has itself, and never Manage Roles.
struct room_people {
  discord::guild_id everyone{};
  discord::user_id bot{};
  discord::permission_set held{};  // by the bot, in the server
};
[[nodiscard]] std::vector<discord::overwrite_body> overwrites_of(const room& what,
                                                                 std::span<const discord::overwrite> trigger,
                                                                 room_people people);

// The voice channel that an earlier attempt made for this room: with overwrites of its owner and of the bot,
// made within two minutes of the row, and no room's yet. `channels`: the answer of GET /guilds/{id}/channels.
[[nodiscard]] std::optional<discord::channel_id> find_made(std::string_view channels, const room& what,
                                                           discord::user_id bot,
                                                           std::span<const discord::channel_id> known);

// What a VOICE_STATE_UPDATE says.
struct voice_change {
  discord::user_id user{};
  discord::channel_id channel{};  // empty: left
  std::string name{};             // nick, global name or user name
  bool bot = false;
};
[[nodiscard]] std::optional<voice_change> read_voice(std::string_view data);

[[nodiscard]] std::vector<discord::user_id> members_in(const discord::guild_record& guild,
                                                       discord::channel_id channel);

}  // namespace guildfleet::features::temp_voices
