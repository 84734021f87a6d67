#include "cli/config_input.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <ostream>

#include "ops/secret_file.hpp"

namespace guildfleet::cli {
namespace {

// Adds the variables of the .env file, if there is one, behind those of the environment.
base::variable_lookup with_env_file(const std::string& given, const base::variable_lookup& variables,
                                    base::problem_list& problems) {
  const std::string path = given.empty() ? ".env" : given;
  std::error_code ignored;
  if (given.empty() && !std::filesystem::exists(path, ignored)) return variables;
  const auto text = ops::read_secret_file(path);
  if (!text) {
    // An empty .env is nothing to complain about.
    if (std::filesystem::is_regular_file(path, ignored) && std::filesystem::file_size(path, ignored) == 0) {
      return variables;
    }
    problems.push_back({base::severity::error, path, {}, text.error().message, text.error().fix});
    return variables;
  }
  if (const auto complaint = ops::judge_secret_file_mode(path, variables)) {
    problems.push_back({base::severity::warning, path, {}, complaint->message, complaint->fix});
  }
  return base::overlay(variables, base::parse_env_file(text->reveal(), path, problems));
}

exit_code work_with(const ops::config_outcome& outcome, const terminal& to, const config_work& work) {
  if (outcome.config) return work(*outcome.config);
  print_problems(outcome.problems, {to.err, to.err, to.colours});
  return exit_code::usage;
}

}  // namespace

void add_config_options(CLI::App& app, config_options& options) {
  app.add_option("-c,--config", options.file,
                 "the fleet's file (default: fleet.yaml when it exists, else the environment alone)");
  app.add_option("--env-file", options.env_file,
                 "variables, one NAME=VALUE a line (default: .env when it exists)");
}

ops::config_outcome load_config(const config_options& options, const program_facts& facts, bool runs_here) {
  base::problem_list problems;
  ops::config_surroundings around;
  around.variables = [&options, all = with_env_file(options.env_file, facts.variables, problems)](
                         std::string_view name) -> std::optional<std::string> {
    return options.left_out.contains(name) ? std::nullopt : all(name);
  };
  around.host_name = facts.host_name;
  around.build_version = facts.version;
  around.known_features = facts.known_features;
  around.default_features = facts.default_features;
  around.known_variants = facts.known_variants;
  around.runs_here = runs_here;
  around.now = base::system_clock().wall_now();
  const auto file = options.file.empty() ? std::nullopt : std::optional<std::filesystem::path>(options.file);
  auto outcome = ops::load_fleet_config(file, around);
  outcome.problems.insert(outcome.problems.begin(), problems.begin(), problems.end());
  if (base::has_errors(problems)) outcome.config.reset();
  return outcome;
}

exit_code with_config(const config_options& options, const program_facts& facts, const terminal& to,
                      const config_work& work) {
  return work_with(load_config(options, facts), to, work);
}

exit_code with_config_without_secrets(const config_options& options, const program_facts& facts,
                                      const terminal& to, const config_work& work) {
  return work_with(load_config(options, facts, false), to, work);
}

void print_problems(const base::problem_list& problems, const terminal& to) {
  for (const auto& each : problems) {
    std::string line = shown(base::to_text(each));
    const std::string word = fmt::format("{}: ", base::name_of(each.severity));
    if (const auto at = line.find(word); at != std::string::npos) {
      const bool error = each.severity == base::severity::error;
      line.replace(at, word.size(), painted(to, error ? colour::red : colour::yellow, word));
    }
    to.out << line << '\n';
  }
}

}  // namespace guildfleet::cli
