// A subcommand: its options are declared once, and running it is a function.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/variables.hpp"
#include "cli/terminal.hpp"

namespace CLI {
class App;  // NOLINT(readability-identifier-naming): CLI11's own
}

namespace guildfleet::cli {

// What the process answers to its caller.
enum class exit_code {
  fine = 0,
  failed = 1,
  usage = 2,    // wrong options or configuration
  refused = 3,  // for safety: nothing was done
  timed_out = 4,
};

// What a command may know of the program and the world.
struct program_facts {
  std::string version = "0";
  std::string host_name = "localhost";
  std::vector<std::string> known_features;
  std::vector<std::string> default_features;
  std::map<std::string, std::vector<std::string>> known_variants;
  base::variable_lookup variables;
};

// The name under which somebody at the command line changes things.
[[nodiscard]] std::string login_name(const program_facts& facts);
// The same with the host, and as who they were before sudo: "ann@host".
[[nodiscard]] std::string person_of(const program_facts& facts);

// Tells the error; the code is `failed`.
exit_code tell_failure(const terminal& to, const base::error& error);

using command_action = std::function<exit_code(const terminal&)>;

struct command_entry {
  const char* name;
  const char* summary;
  // Declares the options on `app` and answers what to do once they are parsed. `facts` outlives the action.
  command_action (*attach)(CLI::App& app, const program_facts& facts);
};

// A new subcommand is a line in command_table.cpp.
[[nodiscard]] std::span<const command_entry> command_table();

command_action attach_check(CLI::App& app, const program_facts& facts);
command_action attach_config(CLI::App& app, const program_facts& facts);
command_action attach_db(CLI::App& app, const program_facts& facts);
command_action attach_demo(CLI::App& app, const program_facts& facts);
command_action attach_doctor(CLI::App& app, const program_facts& facts);
command_action attach_experiments(CLI::App& app, const program_facts& facts);
command_action attach_health(CLI::App& app, const program_facts& facts);
command_action attach_identifies(CLI::App& app, const program_facts& facts);
command_action attach_import(CLI::App& app, const program_facts& facts);
command_action attach_init(CLI::App& app, const program_facts& facts);
command_action attach_jobs(CLI::App& app, const program_facts& facts);
command_action attach_plan(CLI::App& app, const program_facts& facts);
command_action attach_render(CLI::App& app, const program_facts& facts);
command_action attach_reshard(CLI::App& app, const program_facts& facts);
command_action attach_rollout(CLI::App& app, const program_facts& facts);
command_action attach_run(CLI::App& app, const program_facts& facts);
command_action attach_sim(CLI::App& app, const program_facts& facts);
command_action attach_stats(CLI::App& app, const program_facts& facts);
command_action attach_drain(CLI::App& app, const program_facts& facts);
command_action attach_shards(CLI::App& app, const program_facts& facts);
command_action attach_status(CLI::App& app, const program_facts& facts);
command_action attach_token(CLI::App& app, const program_facts& facts);

// Parses `arguments` (without the program's name) and runs the subcommand of `commands` that they name.
// Exceptions of libraries end here.
[[nodiscard]] exit_code run_program(std::span<const command_entry> commands,
                                    std::vector<std::string> arguments, const program_facts& facts,
                                    const terminal& to);

}  // namespace guildfleet::cli
