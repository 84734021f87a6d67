// The controls of a room: buttons in its own chat, or of /voice. Each names the row of the room, so that they
// work after a restart, and whoever presses them is looked at again.
#pragma once

#include "features/feature.hpp"
#include "features/temp_voice/room_desk.hpp"

namespace guildfleet::features::temp_voices {

class room_panel final {
 public:
  room_panel(const shard_services& services, room_desk& rooms) : services_(services), rooms_(rooms) {}

  // Into the chat of the new channel, in the server's language.
  [[nodiscard]] net::task<> post(discord::guild_id guild, numbered_room of, std::chrono::seconds grace,
                                 std::uint64_t sequence);
  // /voice
  [[nodiscard]] net::task<> on_command(interaction_call call);
  [[nodiscard]] net::task<> on_component(interaction_call call, discord::custom_id id);

 private:
  [[nodiscard]] net::task<std::optional<numbered_room>> take(interaction_call call, std::string number);
  [[nodiscard]] net::task<> rename(interaction_call call, numbered_room of);
  [[nodiscard]] net::task<> limit(interaction_call call, numbered_room of);
  [[nodiscard]] net::task<> close(interaction_call call, numbered_room of, bool hide);
  [[nodiscard]] net::task<> transfer(interaction_call call, numbered_room of);
  [[nodiscard]] net::task<> kick(interaction_call call, numbered_room of);
  // The member that the menu was used to choose, if that is somebody else in the room; else they were told.
  [[nodiscard]] net::task<std::optional<discord::user_id>> chosen(interaction_call call, numbered_room of);
  [[nodiscard]] net::task<> say_failed(interaction_call call, base::error why, discord::channel_id about);

  shard_services services_;
  room_desk& rooms_;
};

}  // namespace guildfleet::features::temp_voices
