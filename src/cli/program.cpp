#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <ostream>

#include "cli/command.hpp"

namespace guildfleet::cli {

exit_code run_program(std::span<const command_entry> commands, std::vector<std::string> arguments,
                      const program_facts& facts, const terminal& to) {
  CLI::App app("Runs fleets of Discord bots.", "guildfleet");
  app.set_version_flag("--version", "guildfleet " + facts.version);
  app.require_subcommand(1);
  std::vector<std::pair<CLI::App*, command_action>> attached;
  for (const auto& command : commands) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    attached.emplace_back(sub, command.attach(*sub, facts));
  }
  try {
    // CLI11 takes the arguments from the back.
    std::ranges::reverse(arguments);
    app.parse(arguments);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem, to.out, to.err) == 0 ? exit_code::fine : exit_code::usage;
  }
  const auto chosen = std::ranges::find_if(attached, [](const auto& each) { return each.first->parsed(); });
  try {
    return chosen->second(to);
  } catch (const std::exception& failure) {
    to.err << "guildfleet: " << failure.what() << '\n';
    return exit_code::failed;
  }
}

}  // namespace guildfleet::cli
