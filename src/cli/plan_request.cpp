#include "cli/plan_request.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <ranges>
#include <span>

#include "base/yaml_document.hpp"
#include "ops/config_sections.hpp"
#include "ops/plan/figure_text.hpp"

namespace guildfleet::cli {
namespace {

constexpr double mib = 1 << 20;

std::unexpected<std::string> complain(std::string text) {
  return std::unexpected(std::move(text));
}

bool is_known(const ops::fleet_config& config, std::string_view name) {
  return std::ranges::find(config.bots, name, &ops::bot_section::name) != config.bots.end();
}

std::string unknown_bot(const ops::fleet_config& config, const std::string& name) {
  std::vector<std::string_view> names;
  for (const ops::bot_section& each : config.bots) names.emplace_back(each.name);
  const std::string_view near = base::nearest_name(name, names);
  return fmt::format("--guilds {0}=...: there is no bot {0} in this configuration ({1})", name,
                     near.empty() ? fmt::format("it has {}", fmt::join(names, ", "))
                                  : fmt::format("did you mean {}?", near));
}

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> out;
  for (const auto part : std::views::split(text, ',')) out.emplace_back(part.begin(), part.end());
  return out;
}

// "40,000": a number with its thousands apart.
bool is_grouped(std::span<const std::string> parts) {
  const auto is_number = [](const std::string& part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
  };
  return parts.size() > 1 && std::ranges::all_of(parts, is_number) &&
         std::ranges::all_of(parts.subspan(1), [](const std::string& part) { return part.size() == 3; });
}

std::optional<std::uint64_t> guilds_of(const ops::bot_section& bot, const guild_counts& counts,
                                       const live_view& live) {
  if (const auto named = counts.find(bot.name); named != counts.end()) return named->second;
  if (const auto any = counts.find(""); any != counts.end()) return any->second;
  if (const auto seen = live.nodes.bots.find(bot.name);
      seen != live.nodes.bots.end() && seen->second.guilds > 0)
    return seen->second.all_guilds();
  if (const auto said = live.discord.find(bot.name); said != live.discord.end())
    return said->second.guilds_about;
  return std::nullopt;
}

}  // namespace

void add_plan_options(CLI::App& app, plan_request& request) {
  add_config_options(app, request.config);
  app.add_option("--guilds", request.guilds,
                 "guilds of each bot, or BOT=N of one; several times or with commas");
  app.add_flag("--live", request.live,
               "ask Discord with each bot's token, and the node that runs on this machine");
  app.add_option("--url", request.urls,
                 "with --live: the address of a node; several times for several nodes");
  app.add_option("--headroom", request.headroom,
                 "room for so many more guilds until shards are changed again")
      ->capture_default_str();
  app.add_option("--growth", request.growth, "more guilds in a month")->capture_default_str();
  app.add_option("--months", request.months, "how far to look ahead")
      ->check(CLI::Range(1, 60))
      ->capture_default_str();
  app.add_option("--events-per-guild", request.events_per_guild, "events from one guild in a minute")
      ->check(CLI::Range(0.0, 1e5));
  app.add_option("--requests-per-guild", request.requests_per_guild,
                 "requests to Discord for one guild in a minute, answers to commands not counted")
      ->check(CLI::Range(0.0, 1e5));
  app.add_option("--max-concurrency", request.max_concurrency,
                 "IDENTIFYs in parallel (default: what Discord says with --live, else by the bot's size)")
      ->check(CLI::Range(1, 4096));
  app.add_option("--shard-multiple", request.shard_multiple,
                 "the number that Discord assigned to a large bot: its shards must be a multiple of it")
      ->check(CLI::Range(1, 4096));
  app.add_option("--node-memory", request.node_memory,
                 "MiB that one node may use (default: deploy.memory_mib)")
      ->check(CLI::Range(64, 1 << 20));
  app.add_option("--max-connections", request.max_connections, "max_connections of the PostgreSQL server")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app.add_flag("--single", request.single, "one node is enough: the bot may be away while it is replaced");
  app.add_option("--prices", request.prices, "a price list instead of the built-in one");
  app.add_option("--svg", request.svg, "write a picture of the growth into this file");
  app.add_option("-o,--output", request.output, "text or json")->check(CLI::IsMember({"text", "json"}));
}

or_complaint<guild_counts> parse_guild_counts(const std::vector<std::string>& given) {
  guild_counts out;
  for (const std::string& each : given) {
    const std::vector<std::string> parts = split_at_commas(each);
    if (is_grouped(parts))
      return complain(
          fmt::format("--guilds {}: a comma stands between bots; write {}", each, fmt::join(parts, "")));
    for (const std::string& part : parts) {
      const std::size_t equals = part.find('=');
      const std::string name = equals == std::string::npos ? "" : part.substr(0, equals);
      const std::string digits = equals == std::string::npos ? part : part.substr(equals + 1);
      if (equals == 0) return complain(fmt::format("--guilds {}: the bot's name is missing before =", each));
      const auto number = ops::section_reader::parse_number(digits);
      if (!number || *number == 0 || *number > ops::most_planned_guilds)
        return complain(fmt::format("--guilds {}: the number of guilds must be a whole number from 1 to {}",
                                    each, ops::most_planned_guilds));
      if (!out.emplace(name, *number).second)
        return complain(name.empty() ? fmt::format("--guilds {}: the number for all bots stands twice", each)
                                     : fmt::format("--guilds {}: bot {} stands twice", each, name));
    }
  }
  return out;
}

std::optional<double> parse_percent(std::string_view text, double most) {
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!(value >= 0 && value / 100 <= most)) return std::nullopt;
  return value / 100;
}

or_complaint<ops::plan_question> question_of(const plan_request& request, const guild_counts& counts,
                                             const ops::fleet_config& config, bool described) {
  if (described) {
    for (const auto& [name, number] : counts) {
      if (!name.empty() && !is_known(config, name)) return complain(unknown_bot(config, name));
    }
  }
  ops::plan_question out;
  const auto headroom = parse_percent(request.headroom, 10);
  if (!headroom)
    return complain(fmt::format("--headroom {}: write a share from 0% to 1000%", request.headroom));
  out.headroom = *headroom;
  const auto growth = parse_percent(request.growth, 1);
  if (!growth) return complain(fmt::format("--growth {}: write a share from 0% to 100%", request.growth));
  out.growth = *growth;
  out.months = request.months;
  out.events_per_guild = request.events_per_guild;
  out.requests_per_guild = request.requests_per_guild;
  out.max_concurrency = request.max_concurrency;
  out.shard_multiple = request.shard_multiple;
  out.node_memory = request.node_memory.value_or(config.deploy.memory_mib) * mib;
  out.node_cores = config.deploy.cpus;
  const bool services = !described || config.deploy.pattern == ops::deploy_pattern::services;
  out.survives_a_node = services && !request.single;
  out.least_nodes = described && services && !request.single ? config.deploy.nodes : 1;
  out.uses_database =
      out.survives_a_node || config.store.names_database || !config.store.database_url.empty();
  out.one_node = !out.uses_database;
  out.connections_per_node = config.store.connections;
  out.listens = config.store.listen;
  out.max_connections = request.max_connections;
  return out;
}

or_complaint<std::vector<ops::planned_bot>> planned_bots(const guild_counts& counts,
                                                         const ops::fleet_config& config,
                                                         const live_view& live) {
  std::vector<ops::planned_bot> out;
  for (const ops::bot_section& bot : config.bots) {
    const auto guilds = guilds_of(bot, counts, live);
    if (!guilds) continue;
    ops::planned_bot one{.name = bot.name, .guilds = std::max(std::uint64_t{1}, *guilds)};
    if (one.guilds > ops::most_planned_guilds)
      return complain(fmt::format("bot {} has too many guilds", bot.name));
    if (const auto said = live.discord.find(bot.name); said != live.discord.end())
      one.discord = said->second.figures;
    one.configured_shards = bot.shards;
    one.identify_floor = bot.identify_floor;
    one.zstd = bot.compression == ops::wire_compression::zstd_stream;
    out.push_back(std::move(one));
  }
  if (!out.empty()) return out;
  return complain("how many guilds? Write --guilds 40000, or --guilds BOT=40000 for one bot, or --live");
}

}  // namespace guildfleet::cli
