// What the commands about a bot's operations, rollouts and reshards, have in common.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <vector>

#include "cli/config_input.hpp"
#include "cli/rollout_places.hpp"

namespace guildfleet::cli {

struct operation_request {
  config_options config;
  std::vector<std::string> bots;  // empty: all that the command is for
  std::string output = "text";
  bool dry_run = false;
  bool wait = false;
  bool watch = false;
  unsigned limit_seconds = 0;  // of waiting; 0: none
};

// Tells the error; the code says what kind it is.
exit_code tell_operation_failure(const base::error& error, const terminal& to);

struct found_bots {
  const std::vector<placed_bot>& bots;  // at least one
  const rollout_places& places;
  const ops::fleet_config& config;
};
using bots_action = std::function<exit_code(const found_bots&)>;
exit_code with_placed_bots(const operation_request& request, const program_facts& facts, const terminal& to,
                           const bots_action& act);

[[nodiscard]] std::vector<std::string> names_of(const std::vector<placed_bot>& bots);

// One operation, as following it tells it.
struct followed {
  store::bot_name bot;
  std::string line{};
  boost::json::object json{};
  bool active = false;
  bool failed = false;
};
using follow_reader = std::function<base::result<std::vector<followed>>(const std::vector<placed_bot>&)>;
// A line for each change, until every one has ended.
exit_code follow(const rollout_places& places, const operation_request& request,
                 const std::vector<std::string>& names, const terminal& to, const follow_reader& read);

// A subcommand with the options that all of them have.
CLI::App* add_operation(CLI::App& app, const char* name, const char* summary, operation_request& request);
void add_following(CLI::App& command, operation_request& request, const char* flag, const char* summary,
                   bool& on);

}  // namespace guildfleet::cli
