// What the options of `guildfleet plan` and the configuration ask for.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cli/config_input.hpp"
#include "cli/live_figures.hpp"
#include "ops/plan/fleet_plan.hpp"

namespace CLI {
class App;  // NOLINT(readability-identifier-naming): CLI11's own
}

namespace guildfleet::cli {

struct plan_request {
  config_options config{};
  std::vector<std::string> guilds{};  // "40000", "music=12000"
  bool live = false;
  std::vector<std::string> urls{};  // of nodes
  std::string headroom = "50%";
  std::string growth = "5%";
  std::uint32_t months = 12;
  std::optional<double> events_per_guild{};
  std::optional<double> requests_per_guild{};
  std::optional<std::uint32_t> max_concurrency{};
  std::optional<std::uint32_t> shard_multiple{};
  std::optional<std::uint32_t> node_memory{};  // MiB
  std::uint32_t max_connections = 100;
  bool single = false;
  std::string prices{};
  std::string svg{};
  std::string output = "text";
};

// `request` must outlive the parsing.
void add_plan_options(CLI::App& app, plan_request& request);

// Guilds by bot; under "" what holds for every bot that is not named.
using guild_counts = std::map<std::string, std::uint64_t, std::less<>>;

// The answer, or a text for the person who wrote the options.
template <class T>
using or_complaint = std::expected<T, std::string>;

[[nodiscard]] or_complaint<guild_counts> parse_guild_counts(const std::vector<std::string>& given);

// "50%", "2.5%"; at most `most` (a part of 1).
[[nodiscard]] std::optional<double> parse_percent(std::string_view text, double most);

// `described`: the configuration describes these bots; otherwise it is a stand-in, and `counts` names the
// bots.
[[nodiscard]] or_complaint<ops::plan_question> question_of(const plan_request& request,
                                                           const guild_counts& counts,
                                                           const ops::fleet_config& config, bool described);

// Bots to plan: those whose number of guilds is known, by option or by what was seen live.
struct live_view {
  std::map<std::string, discord_word, std::less<>> discord{};
  node_figures nodes{};
};
[[nodiscard]] or_complaint<std::vector<ops::planned_bot>> planned_bots(const guild_counts& counts,
                                                                       const ops::fleet_config& config,
                                                                       const live_view& live);

}  // namespace guildfleet::cli
