// /bump-reminder and its buttons.
#pragma once

#include "features/bump_reminder/bump_state.hpp"
#include "features/feature.hpp"

namespace guildfleet::features {

[[nodiscard]] std::vector<discord::command_definition> bump_commands();

// One per shard, on its reactor; the services outlive it. What it changes of settings, the feature follows.
class bump_desk final {
 public:
  explicit bump_desk(const shard_services& services) : services_(services) {}

  [[nodiscard]] net::task<> on_command(interaction_call call);
  // Actions "in" and "out".
  [[nodiscard]] net::task<> on_button(interaction_call call, discord::custom_id id);

 private:
  [[nodiscard]] net::task<> switch_on(interaction_call call);
  [[nodiscard]] net::task<> switch_off(interaction_call call);
  [[nodiscard]] net::task<> status(interaction_call call);
  [[nodiscard]] net::task<std::string> planned(discord::guild_id guild, bump_service service, language user);

  shard_services services_;
};

}  // namespace guildfleet::features
