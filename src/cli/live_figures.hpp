// What a fleet is now: Discord's word about each bot, and what running nodes say of themselves.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ops/fleet_config.hpp"
#include "ops/plan/fleet_plan.hpp"

namespace guildfleet::cli {

struct discord_word {
  ops::discord_figures figures{};               // GET /gateway/bot
  std::optional<std::uint64_t> guilds_about{};  // GET /applications/@me: approximate_guild_count
};

// Two requests with the bot's token; blocks for at most `limit`. Errors: rest_error, net_error.
[[nodiscard]] base::result<discord_word> ask_discord(const ops::fleet_config& config,
                                                     const ops::bot_section& bot, const std::string& version,
                                                     std::chrono::milliseconds limit);

// Of all samples of a family in a text of GET /metrics.
[[nodiscard]] double sum_of_metric(std::string_view metrics, std::string_view family);

// What was seen of a bot on all nodes that were asked.
struct bot_figures {
  std::uint64_t guilds = 0;
  std::uint32_t shards = 0;  // that these nodes hold
  std::uint32_t count = 0;   // that the bot has
  bool zstd = true;          // its compression

  // With the shards that no asked node holds, were they as full.
  [[nodiscard]] std::uint64_t all_guilds() const;
};

// Of the asked nodes together.
struct node_figures {
  std::map<std::string, bot_figures, std::less<>> bots{};
  std::uint32_t nodes = 0;
  double bytes = 0;     // resident
  double events = 0;    // from Discord, since each node started
  double requests = 0;  // to Discord that count towards the global limit, since then
  double seconds = 0;   // up, all nodes together

  [[nodiscard]] std::uint64_t guilds() const;
  // Bytes that a guild takes, beside what `costs` says of the rest; nullopt where too few are there to tell.
  [[nodiscard]] std::optional<double> bytes_per_guild(const ops::measured_costs& costs) const;
  // In a minute; nullopt where the nodes have not run for ten minutes.
  [[nodiscard]] std::optional<double> events_per_guild() const;
  [[nodiscard]] std::optional<double> requests_per_guild() const;
};

// Adds what GET /health and GET /metrics of one node answered. False: that is no node's answer.
[[nodiscard]] bool add_node(node_figures& all, std::string_view health_json, std::string_view metrics);

}  // namespace guildfleet::cli
