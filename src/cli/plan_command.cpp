// guildfleet plan: shards, nodes, times, budgets and costs of a fleet, now and as it grows.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <ostream>

#include "base/replace_file.hpp"
#include "cli/fetch.hpp"
#include "cli/node_question.hpp"
#include "cli/plan_request.hpp"
#include "cli/plan_text.hpp"
#include "discord/rest/error.hpp"
#include "net/error.hpp"
#include "ops/plan/figure_text.hpp"
#include "ops/plan/growth_picture.hpp"
#include "ops/plan/plan_json.hpp"

namespace guildfleet::cli {
namespace {

constexpr std::chrono::seconds discord_limit{20};
constexpr std::chrono::seconds node_limit{5};

template <class T>
using or_code = std::expected<T, exit_code>;

std::unexpected<exit_code> refuse(const terminal& to, const std::string& why) {
  to.err << "guildfleet: " << why << '\n';
  return std::unexpected(exit_code::usage);
}

// Neither a file nor a bot in the environment: one can plan all the same.
bool nothing_described(const config_options& options, const program_facts& facts) {
  if (!options.file.empty() || !options.env_file.empty()) return false;
  for (const char* file : {"fleet.yaml", ".env"}) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) return false;
  }
  return std::ranges::all_of(std::array{"DISCORD_TOKEN", "DISCORD_TOKEN_FILE"},
                             [&](const char* name) { return facts.variables(name).value_or("").empty(); });
}

// As many bots as the options name.
ops::fleet_config stand_in(const guild_counts& counts) {
  ops::fleet_config out;
  for (const auto& [name, number] : counts) {
    ops::bot_section bot;
    bot.name = name.empty() ? "bot1" : name;
    out.bots.push_back(std::move(bot));
  }
  return out;
}

or_code<ops::price_list> read_prices(const std::string& file, const terminal& to) {
  std::string text(ops::built_in_prices());
  if (!file.empty()) {
    std::ifstream in(file, std::ios::binary);
    if (!in || std::filesystem::is_directory(file))
      return refuse(to, fmt::format("--prices {}: cannot be read", file));
    text.assign(std::istreambuf_iterator<char>(in), {});
  }
  base::problem_list problems;
  auto prices = ops::parse_price_list(text, file.empty() ? "data/platforms.yaml" : file, problems);
  print_problems(problems, {to.err, to.err, to.colours});
  if (!prices) return std::unexpected(exit_code::usage);
  return std::move(*prices);
}

exit_code tell_discord_failure(const std::string& bot, const base::error& failure, const terminal& to) {
  to.err << "guildfleet: bot " << bot << ": " << failure.message() << '\n';
  if (failure.code() == net::make_error_code(net::net_error::bad_url)) return exit_code::usage;
  const bool late = failure.code() == net::make_error_code(net::net_error::timed_out) ||
                    failure.code() == make_error_code(discord::rest_error::deadline_passed);
  return late ? exit_code::timed_out : exit_code::failed;
}

// A node that was named must answer; the one of this machine may.
or_code<node_figures> ask_nodes(const plan_request& request, const ops::fleet_config& config,
                                const terminal& to) {
  node_figures out;
  const std::string here = fmt::format("http://127.0.0.1:{}", config.port);
  const std::vector<std::string> urls = request.urls.empty() ? std::vector{here} : request.urls;
  for (const std::string& url : urls) {
    const auto health = fetch(url, "/health", node_limit);
    const auto metrics = health ? fetch(url, "/metrics", node_limit) : health;
    if (metrics && add_node(out, health->body, metrics->body)) continue;
    if (request.urls.empty()) {
      to.err << "no node answers on " << url
             << ": the guilds are Discord's count, the memory is by measured figures (--url names a node)\n";
      continue;
    }
    if (!metrics) return std::unexpected(tell_no_answer(metrics.error(), to));
    to.err << "guildfleet: " << url
           << ": the answer is not the JSON of a guildfleet node; is the address right?\n";
    return std::unexpected(exit_code::failed);
  }
  return out;
}

or_code<live_view> look(const plan_request& request, const guild_counts& counts,
                        const ops::fleet_config& config, const program_facts& facts, const terminal& to) {
  live_view out;
  const bool all = counts.empty() || counts.contains("");
  for (const ops::bot_section& bot : config.bots) {
    if (!all && !counts.contains(bot.name)) continue;
    auto said = ask_discord(config, bot, facts.version, discord_limit);
    if (!said) return std::unexpected(tell_discord_failure(bot.name, said.error(), to));
    out.discord.emplace(bot.name, std::move(*said));
  }
  auto nodes = ask_nodes(request, config, to);
  if (!nodes) return std::unexpected(nodes.error());
  out.nodes = std::move(*nodes);
  for (const ops::bot_section& bot : config.bots) {
    if (const auto seen = out.nodes.bots.find(bot.name); seen != out.nodes.bots.end())
      seen->second.zstd = bot.compression == ops::wire_compression::zstd_stream;
  }
  return out;
}

// What the nodes showed takes the place of figures that were measured elsewhere.
void use(const node_figures& nodes, ops::plan_question& question, const terminal& to) {
  if (const auto bytes = nodes.bytes_per_guild(question.costs)) {
    question.costs.guild_bytes = *bytes;
    to.err << fmt::format("{} guilds in {} of memory were seen: {} each\n", ops::grouped(nodes.guilds()),
                          ops::bytes_text(nodes.bytes), ops::bytes_text(*bytes));
  }
  if (!question.events_per_guild) question.events_per_guild = nodes.events_per_guild();
  if (!question.requests_per_guild) question.requests_per_guild = nodes.requests_per_guild();
}

exit_code write_picture(const std::string& file, const ops::fleet_plan& plan,
                        const ops::plan_question& question, const terminal& to) {
  // The picture may go to where that goes.
  to.out.flush();
  if (const auto done = base::write_output(file, ops::growth_picture(plan, question), 0644); !done) {
    to.err << "guildfleet: " << done.error().message() << '\n';
    return exit_code::failed;
  }
  to.err << "wrote " << file << '\n';
  return exit_code::fine;
}

exit_code plan(const plan_request& request, const guild_counts& counts, const ops::fleet_config& config,
               bool described, const program_facts& facts, const terminal& to) {
  auto question = question_of(request, counts, config, described);
  if (!question) return refuse(to, question.error()).error();
  const auto prices = read_prices(request.prices, to);
  if (!prices) return prices.error();
  live_view live;
  if (request.live) {
    auto seen = look(request, counts, config, facts, to);
    if (!seen) return seen.error();
    live = std::move(*seen);
    use(live.nodes, *question, to);
  }
  auto bots = planned_bots(counts, config, live);
  if (!bots) return refuse(to, bots.error()).error();
  question->bots = std::move(*bots);
  const ops::fleet_plan made = ops::plan_fleet(*question, *prices, base::system_clock().wall_now());
  if (request.output == "json")
    to.out << boost::json::serialize(ops::plan_json(made, *question)) << '\n';
  else
    print_plan(made, *question, to);
  return request.svg.empty() ? exit_code::fine : write_picture(request.svg, made, *question, to);
}

exit_code plan_described(const plan_request& request, const guild_counts& counts, const program_facts& facts,
                         const terminal& to) {
  const config_work work = [&](const ops::fleet_config& config) {
    return plan(request, counts, config, true, facts, to);
  };
  return request.live ? with_config(request.config, facts, to, work)
                      : with_config_without_secrets(request.config, facts, to, work);
}

exit_code run_plan(const plan_request& request, const program_facts& facts, const terminal& to) {
  const auto counts = parse_guild_counts(request.guilds);
  if (!counts) return refuse(to, counts.error()).error();
  if (!request.urls.empty() && !request.live) return refuse(to, "--url is for --live").error();
  if (!nothing_described(request.config, facts)) return plan_described(request, *counts, facts, to);
  if (request.live)
    return refuse(
               to,
               "--live asks Discord with each bot's token, and there is none: set DISCORD_TOKEN, or name the "
               "configuration with --config")
        .error();
  return plan(request, *counts, stand_in(*counts), false, facts, to);
}

}  // namespace

command_action attach_plan(CLI::App& app, const program_facts& facts) {
  const auto request = std::make_shared<plan_request>();
  add_plan_options(app, *request);
  return [request, &facts](const terminal& to) { return run_plan(*request, facts, to); };
}

}  // namespace guildfleet::cli
