// The rows of temporary channels: one a room, and one a member that says which room is theirs.
#pragma once

#include <functional>

#include "features/records.hpp"
#include "features/temp_voice/room.hpp"

namespace guildfleet::features::temp_voices {

struct numbered_room {
  std::string number{};  // of the row, unique in the server
  room what{};
  bool is_new = false;
};

// One per shard, on its reactor. Errors: the store's; busy when others changed a room every time.
class room_store final {
 public:
  explicit room_store(record_port& records) : records_(records) {}

  [[nodiscard]] net::task<base::result<std::vector<store::record>>> all(
      std::vector<discord::guild_id> guilds);
  [[nodiscard]] net::task<base::result<std::optional<room>>> read(discord::guild_id guild,
                                                                  std::string number);
  // The room of this member.
  [[nodiscard]] net::task<base::result<std::optional<numbered_room>>> room_of(discord::guild_id guild,
                                                                              discord::user_id owner);
  // False: its owner has one.
  [[nodiscard]] net::task<base::result<bool>> add(discord::guild_id guild, numbered_room what);
  // `change` runs again when somebody else was faster; false: it stays. nullopt: there is no such room.
  using change_function = std::function<bool(room& what)>;
  [[nodiscard]] net::task<base::result<std::optional<room>>> edit(discord::guild_id guild, std::string number,
                                                                  change_function change);
  // Once for each interaction. False: the new owner has a room already. Errors also:
  // rest_error::unknown_channel, there is no such room.
  [[nodiscard]] net::task<base::result<bool>> transfer(discord::guild_id guild, std::string number,
                                                       discord::user_id to, discord::interaction_id by);
  // It is not there in the end.
  [[nodiscard]] net::task<base::result<void>> remove(discord::guild_id guild, std::string number);

 private:
  // True: it is not there any more; false: somebody changed it meanwhile.
  [[nodiscard]] net::task<base::result<bool>> take_away(discord::guild_id guild, std::string number);

  record_port& records_;
};

}  // namespace guildfleet::features::temp_voices
