// What is to be done about one member who broke a rule, and how a server's log tells of it. Pure.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "features/automod/decider.hpp"
#include "features/text.hpp"

namespace guildfleet::features {

struct offence {
  std::shared_ptr<const automod_rules::rule_set> rules;
  automod_rules::verdict judged;
  discord::user_id member;
  std::vector<discord::role_id> roles;
  discord::channel_id channel;
  base::wall_time at{};        // it was written, or changed
  std::uint64_t sequence = 0;  // of the event
  bool failed = false;         // some of the messages are still there
};

// The log's messages, each within Discord's limit. What a member did again and again is one line with a
// number; `untold`: how many offences are not among them.
[[nodiscard]] std::vector<std::string> log_of(const std::vector<offence>& offences, std::size_t untold,
                                              language in);

}  // namespace guildfleet::features
