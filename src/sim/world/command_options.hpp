// From a person's "name -> value" to the options of an interaction, checked against the registered command.
#pragma once

#include "base/result.hpp"
#include "sim/world/error.hpp"
#include "sim/world/state.hpp"

namespace guildfleet::sim {

struct command_use {
  std::vector<std::string> path;  // subcommand group and subcommand, may be empty
  const json::object* values = nullptr;
  id channel = 0;
  std::string focused;  // name of the option being typed; required options may be missing then
  id user = 0;
  id application = 0;
};

struct bound_options {
  json::array options;    // as in the payload's data, nested
  json::object resolved;  // users, members, roles, channels, attachments
};

// A value of an attachment option is {"filename", "content", "content_type"?}.
[[nodiscard]] base::result<bound_options> bind_options(world_state& state, const guild_record& guild,
                                                       const json::object& command, const command_use& use);
// What `resolved` holds for ids of a type: 6 user, 7 channel, 8 role, 9 mentionable. False: there is no such
// thing.
struct resolve_target {
  int type = 0;
  id target = 0;
  id user = 0;         // who uses it, and
  id application = 0;  // the bot: their permissions in channels are told
};
bool resolve(const world_state& state, const guild_record& guild, const resolve_target& wanted,
             json::object& resolved);

}  // namespace guildfleet::sim
