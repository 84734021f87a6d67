// The options that say where the configuration comes from, shared by the commands that need one.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "cli/command.hpp"
#include "ops/fleet_config.hpp"

namespace guildfleet::cli {

struct config_options {
  std::string file;                               // empty: fleet.yaml when it exists, else the environment
  std::string env_file;                           // empty: .env when it exists
  std::set<std::string, std::less<>> left_out{};  // variables that count as not set
  std::optional<std::string> text{};              // of `file`, where it was read already
};

// `options` must outlive the parsing.
void add_config_options(CLI::App& app, config_options& options);

// Reads .env (the real environment wins over it), then the configuration. Problems of both are in the answer.
[[nodiscard]] ops::config_outcome load_config(const config_options& options, const program_facts& facts,
                                              bool runs_here = true);

using config_work = std::function<exit_code(const ops::fleet_config&)>;

// Runs `work` with the configuration, or tells its problems on `to.err`: then it answers usage.
exit_code with_config(const config_options& options, const program_facts& facts, const terminal& to,
                      const config_work& work);

// The same for what needs no secret, such as rendering files: those that are not there are empty.
exit_code with_config_without_secrets(const config_options& options, const program_facts& facts,
                                      const terminal& to, const config_work& work);

// One line per problem; coloured on a terminal.
void print_problems(const base::problem_list& problems, const terminal& to);

}  // namespace guildfleet::cli
