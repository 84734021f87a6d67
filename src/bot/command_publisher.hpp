// Makes Discord's list of a bot's commands the one that its features declare; writes nothing when it already
// is.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/log.hpp"
#include "bot/rest_link.hpp"
#include "discord/interactions/command_definition.hpp"

namespace guildfleet::bot {

struct publish_target {
  discord::application_id application;
  std::optional<discord::guild_id> guild;  // register there only
};

// Errors: Discord could not be asked or refused. The log tells what was added, changed and removed.
[[nodiscard]] net::task<base::result<void>> publish_commands(rest_link rest, publish_target target,
                                                             std::vector<discord::command_definition> wanted,
                                                             std::shared_ptr<const write_permit> permit,
                                                             base::logger log);

}  // namespace guildfleet::bot
