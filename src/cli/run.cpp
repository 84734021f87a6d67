// guildfleet run: this node's bots, until it is told to stop.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/config_input.hpp"
#include "cli/node.hpp"

namespace guildfleet::cli {

command_action attach_run(CLI::App& app, const program_facts& facts) {
  const auto options = std::make_shared<config_options>();
  add_config_options(app, *options);
  return [options, &facts](const terminal& to) {
    auto outcome = load_config(*options, facts);
    print_problems(outcome.problems, to);
    if (!outcome.config) return exit_code::usage;
    return run_node({std::move(*outcome.config), {}, facts.variables}, to);
  };
}

}  // namespace guildfleet::cli
