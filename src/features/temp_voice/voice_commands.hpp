// /temp-voice, as a server's managers use it.
#pragma once

#include "features/feature.hpp"
#include "features/temp_voice/room_desk.hpp"

namespace guildfleet::features::temp_voices {

// /temp-voice and /voice.
[[nodiscard]] std::vector<discord::command_definition> commands();

class voice_commands final {
 public:
  voice_commands(const shard_services& services, room_desk& rooms) : services_(services), rooms_(rooms) {}

  [[nodiscard]] net::task<> on_command(interaction_call call);
  // The channels that were added, also those that are gone.
  [[nodiscard]] net::task<> on_autocomplete(interaction_call call);

 private:
  [[nodiscard]] net::task<> add(interaction_call call);
  [[nodiscard]] net::task<> remove(interaction_call call);
  [[nodiscard]] net::task<> list(interaction_call call);
  [[nodiscard]] std::string lacks_note(interaction_call call) const;

  shard_services services_;
  room_desk& rooms_;
};

}  // namespace guildfleet::features::temp_voices
