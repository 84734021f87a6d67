#include "cli/operation_command.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <map>
#include <ostream>
#include <thread>

#include "fleet/error.hpp"

namespace guildfleet::cli {
namespace {

constexpr std::chrono::milliseconds follow_every{500};

bool is_one_of(const base::error& error, std::initializer_list<fleet::fleet_error> values) {
  return std::ranges::any_of(
      values, [&](fleet::fleet_error value) { return error.code() == fleet::make_error_code(value); });
}

}  // namespace

exit_code tell_operation_failure(const base::error& error, const terminal& to) {
  using fleet::fleet_error;
  const exit_code otherwise = tell_failure(to, error);
  if (is_one_of(error, {fleet_error::rollout_settings, fleet_error::reshard_settings}))
    return exit_code::usage;
  if (is_one_of(error,
                {fleet_error::rollout_command, fleet_error::reshard_command, fleet_error::identify_budget}))
    return exit_code::refused;
  return otherwise;
}

exit_code with_placed_bots(const operation_request& request, const program_facts& facts, const terminal& to,
                           const bots_action& act) {
  return with_config(request.config, facts, to, [&](const ops::fleet_config& config) {
    const base::system_clock clock;
    auto opened = open_lease_places(config, clock);
    if (!opened) return tell_operation_failure(opened.error(), to);
    const rollout_places places(std::move(*opened));
    const auto bots = places.bots(request.bots);
    if (!bots) return tell_operation_failure(bots.error(), to);
    if (!bots->empty()) return act({*bots, places, config});
    to.err << "no node that runs serves a bot of this configuration; guildfleet run starts one\n";
    return exit_code::failed;
  });
}

std::vector<std::string> names_of(const std::vector<placed_bot>& bots) {
  std::vector<std::string> names;
  for (const placed_bot& bot : bots) names.push_back(bot.name.value);
  return names;
}

exit_code follow(const rollout_places& places, const operation_request& request,
                 const std::vector<std::string>& names, const terminal& to, const follow_reader& read) {
  const auto begun = std::chrono::steady_clock::now();
  std::map<store::bot_name, std::string> told;
  while (true) {
    const auto bots = places.bots(names);
    if (!bots) return tell_operation_failure(bots.error(), to);
    const auto all = read(*bots);
    if (!all) return tell_operation_failure(all.error(), to);
    bool active = false;
    bool failed = false;
    for (const followed& each : *all) {
      const std::string line = request.output == "json" ? boost::json::serialize(each.json) : each.line;
      if (std::exchange(told[each.bot], line) != line) to.out << line << std::endl;
      active |= each.active;
      failed |= each.failed;
    }
    if (!active) return failed ? exit_code::failed : exit_code::fine;
    if (request.limit_seconds > 0 &&
        std::chrono::steady_clock::now() - begun >= std::chrono::seconds(request.limit_seconds))
      return exit_code::timed_out;
    std::this_thread::sleep_for(follow_every);
  }
}

CLI::App* add_operation(CLI::App& app, const char* name, const char* summary, operation_request& request) {
  CLI::App* command = app.add_subcommand(name, summary);
  add_config_options(*command, request.config);
  command->add_option("-o,--output", request.output, "text or json")->check(CLI::IsMember({"text", "json"}));
  return command;
}

void add_following(CLI::App& command, operation_request& request, const char* flag, const char* summary,
                   bool& on) {
  command.add_flag(flag, on, summary);
  command.add_option("--limit", request.limit_seconds, "seconds to follow it; 0: until it has ended");
}

}  // namespace guildfleet::cli
