// What Discord says of one bot, question by question.
#pragma once

#include "bot/rest_client.hpp"
#include "discord/interactions/command_definition.hpp"
#include "ops/doctor/facts.hpp"

namespace guildfleet::cli {

struct bot_question {
  std::vector<discord::command_definition> commands{};  // of its features
  std::optional<discord::guild_id> command_guild{};     // nullopt: they are registered everywhere
  std::uint32_t guilds = 10;                            // to look at
};

// Fills in the answers of `into`, which outlives the call. Stops at the first that shows that others are in
// vain: a token that is refused, a network that is away.
[[nodiscard]] net::task<> ask_about_bot(bot::rest_client& client, bot_question question,
                                        ops::doctor::bot_facts& into);

}  // namespace guildfleet::cli
