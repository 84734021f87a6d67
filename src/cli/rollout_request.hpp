// What a person asks of rollouts, on the command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/operation_command.hpp"
#include "fleet/rollout_step.hpp"

namespace guildfleet::cli {

struct rollout_request : operation_request {
  std::string to;
  std::string from;  // empty: the release that runs the bot
  std::string strategy = "canary";
  std::string steps;   // "5%,25%,50%,100%"; empty: the strategy's own
  std::string pause;   // "5m"; empty: the strategy's own
  std::string guilds;  // ids, with commas
  std::vector<std::string> rings;
  std::vector<std::string> thresholds;  // KEY=VALUE
  bool full = false;
};

// "5%,25%,100%" or "0.05,0.25,1". Errors: what cannot be read, and how it is written.
[[nodiscard]] base::result<std::vector<double>> parse_steps(const std::string& text);
// "300", "300s", "5m", "1h".
[[nodiscard]] base::result<std::chrono::milliseconds> parse_pause(const std::string& text);
[[nodiscard]] base::result<std::vector<discord::guild_id>> parse_guilds(const std::string& text);

// For one bot, whose shards the release `from` runs.
[[nodiscard]] base::result<fleet::rollout_wish> wish_of(const rollout_request& request,
                                                        const store::bot_name& bot, const std::string& from,
                                                        const std::string& who);

}  // namespace guildfleet::cli
