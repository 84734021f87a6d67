// /automod: how a server's managers see and change the rules.
#pragma once

#include <functional>
#include <vector>

#include "features/feature.hpp"

namespace guildfleet::features {

[[nodiscard]] std::vector<discord::command_definition> automod_commands();

// One per shard; the settings outlive it.
class automod_command final {
 public:
  // Told of what is saved here for a guild where the feature acts here, before the user is: so rules are in
  // force as soon as they are said to be. Those of others come by on_guilds_gained().
  using saved_function = std::function<void(discord::guild_id, const settings::json::object& values)>;

  automod_command(const shard_services& services, saved_function on_saved);

  net::task<> run(interaction_call call);
  net::task<> suggest(interaction_call call);

 private:
  net::task<> view(interaction_call call);
  net::task<> set_rule(interaction_call call);
  net::task<> change_lists(interaction_call call, bool add);
  net::task<> set_log(interaction_call call);
  net::task<> test(interaction_call call);
  // `of`: the rule that it is about, if it is about one; when that is off, the user is told so. `note`: what
  // is told beside, once it is saved.
  net::task<> save(interaction_call call, settings::edit_function apply, std::string of = {},
                   std::string note = {});

  settings_port& settings_;
  const discord::guild_state& guilds_;
  const base::clock& clock_;
  saved_function on_saved_;
};

}  // namespace guildfleet::features
