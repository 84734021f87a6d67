// /automod: how a server's managers see and change the rules.
#pragma once

#include <vector>

#include "features/feature.hpp"

namespace guildfleet::features {

[[nodiscard]] std::vector<discord::command_definition> automod_commands();

// One per shard; the settings outlive it.
class automod_command final {
 public:
  explicit automod_command(const shard_services& services);

  net::task<> run(interaction_call call);
  net::task<> suggest(interaction_call call);

 private:
  net::task<> view(interaction_call call);
  net::task<> set_rule(interaction_call call);
  net::task<> change_lists(interaction_call call, bool add);
  net::task<> set_log(interaction_call call);
  net::task<> test(interaction_call call);
  net::task<> save(interaction_call call, settings::edit_function apply);

  settings_port& settings_;
  const discord::guild_state& guilds_;
  const base::clock& clock_;
};

}  // namespace guildfleet::features
