#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <ostream>
#include <unistd.h>

#include "base/yaml_document.hpp"
#include "cli/command.hpp"

namespace guildfleet::cli {

namespace {

// A first word that is no command; what CLI11 says of it names neither the word nor the commands.
bool is_unknown_command(std::span<const command_entry> commands, const std::string& word) {
  return !word.starts_with('-') &&
         std::ranges::none_of(commands, [&](const auto& command) { return word == command.name; });
}

exit_code refuse_command(std::span<const command_entry> commands, const std::string& word,
                         const terminal& to) {
  std::vector<std::string_view> names;
  for (const auto& command : commands) names.emplace_back(command.name);
  const std::string_view near = base::nearest_name(word, names);
  to.err << fmt::format("guildfleet: there is no command \"{}\" ", word)
         << (near.empty() ? fmt::format("(there are {})\n", fmt::join(names, ", "))
                          : fmt::format("(did you mean {}?)\n", near));
  return exit_code::usage;
}

}  // namespace

std::string login_name(const program_facts& facts) {
  for (const char* variable : {"LOGNAME", "USER"}) {
    auto name = facts.variables(variable);
    if (name && !name->empty() && name->size() <= 64) return std::move(*name);
  }
  return fmt::format("uid {}", ::getuid());
}

std::string person_of(const program_facts& facts) {
  const auto before_sudo = facts.variables("SUDO_USER");
  const bool known = before_sudo && !before_sudo->empty();
  return fmt::format("{}@{}", known ? *before_sudo : login_name(facts), facts.host_name);
}

exit_code tell_failure(const terminal& to, const base::error& error) {
  to.err << "guildfleet: " << error.message() << '\n';
  return exit_code::failed;
}

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
  if (arguments.empty()) {
    to.err << app.help();
    return exit_code::usage;
  }
  if (is_unknown_command(commands, arguments.front())) return refuse_command(commands, arguments.front(), to);
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
