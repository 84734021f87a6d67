#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <ostream>
#include <span>
#include <unistd.h>
#include <utility>

#include "base/yaml_document.hpp"
#include "cli/command.hpp"

namespace guildfleet::cli {

namespace {

// What CLI11 says of a word that is no command names neither the word nor the commands. `path`: of the words
// before it, "guildfleet db".
exit_code refuse_command(const CLI::App& of, const std::string& path, const std::string& word,
                         const terminal& to) {
  std::vector<std::string_view> names;
  for (const CLI::App* each : of.get_subcommands({})) names.emplace_back(each->get_name());
  const std::string_view near = base::nearest_name(word, names);
  to.err << fmt::format("{}: there is no command \"{}\" ", path, word)
         << (near.empty() ? fmt::format("(there are {})\n", fmt::join(names, ", "))
                          : fmt::format("(did you mean {}?)\n", near));
  return exit_code::usage;
}

// Where the words do not name a command, what to do instead; nullopt: they do.
std::optional<exit_code> check_words(const CLI::App& app, std::span<const std::string> words,
                                     const terminal& to) {
  const CLI::App* at = &app;
  std::string path = app.get_name();
  std::string before;  // the last word
  for (const std::string& word : words) {
    const auto commands = at->get_subcommands({});
    if (commands.empty() || word.starts_with('-')) return std::nullopt;
    const auto found = std::ranges::find(commands, word, &CLI::App::get_name);
    if (found == commands.end()) return refuse_command(*at, path, word, to);
    at = *found;
    before = std::exchange(path, path + " " + word);
  }
  if (at->get_require_subcommand_min() == 0) return std::nullopt;
  to.err << at->help(before);
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
  if (const auto refused = check_words(app, arguments, to)) return *refused;
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
