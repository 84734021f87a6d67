// A guild as REST tells it, in the form in which the gateway would have.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace guildfleet::bot {

struct guild_answers {
  std::string guild;     // GET /guilds/{guild}?with_counts=true
  std::string channels;  // GET /guilds/{guild}/channels
  std::string threads;   // GET /guilds/{guild}/threads/active
  std::string member;    // GET /guilds/{guild}/members/{the bot}
};

// The `d` of a GUILD_CREATE (protocol sheet 1.7), without voice states, which REST does not list. Errors:
// rest_error::malformed_response.
[[nodiscard]] base::result<std::string> compose_guild_create(const guild_answers& answers);

}  // namespace guildfleet::bot
