#include "ops/fleet_config.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>

#include "base/yaml_document.hpp"
#include "ops/config_sections.hpp"
#include "ops/environment_config.hpp"
#include "ops/token_text.hpp"

namespace guildfleet::ops {
namespace {

std::string label_in_file(const std::string& path) {
  constexpr std::string_view prefix = "bots[].";
  return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
}

std::string label_in_environment(const std::string& path) {
  const auto settings = environment_settings();
  const auto found = std::ranges::find(settings, path, &environment_setting::path);
  return found == settings.end() ? path : std::string(found->variable);
}

config_outcome finished(fleet_config config, base::problem_list problems, std::string_view source) {
  base::sort_by_position(problems);
  for (base::problem& each : problems) {
    each.message = without_tokens(each.message);
    each.fix = without_tokens(each.fix);
  }
  config_outcome outcome{std::nullopt, std::move(problems), std::string(source)};
  if (!base::has_errors(outcome.problems)) outcome.config = std::move(config);
  return outcome;
}

config_outcome only_error(std::string_view source, std::string message, std::string fix) {
  config_outcome outcome;
  outcome.source = source;
  outcome.problems.push_back(
      {base::severity::error, std::string(source), {}, std::move(message), std::move(fix)});
  return outcome;
}

bool is_set(const config_surroundings& surroundings, std::string_view name) {
  return !surroundings.variables(name).value_or("").empty();
}

// Somebody who thinks that the bots talk to a simulator must not reach Discord.
void warn_of_unused_address(const base::yaml_node& root, const config_surroundings& surroundings,
                            reader_context& context) {
  if (!is_set(surroundings, "DISCORD_API_URL")) return;
  const base::yaml_node* discord = root.find("discord");
  if (discord != nullptr && discord->find("api_url") != nullptr) return;
  context.problems.push_back(
      {base::severity::warning,
       context.source,
       {},
       "DISCORD_API_URL is set, but this file does not use it: the bots talk to Discord",
       "write under discord: api_url: ${DISCORD_API_URL}"});
}

}  // namespace

config_outcome parse_fleet_config(std::string_view text, std::string_view source,
                                  const config_surroundings& surroundings) {
  base::problem_list problems;
  const auto root = base::parse_yaml(text, source, surroundings.variables, problems);
  if (!root) return finished({}, std::move(problems), source);
  using kind = base::yaml_node::node_kind;
  if (root->kind != kind::mapping && root->kind != kind::null) {
    return only_error(source, "the file must hold keys and values",
                      "write a first file with: guildfleet init");
  }
  reader_context context{std::string(source), problems, label_in_file, {}, surroundings.runs_here, nullptr};
  fleet_config config = read_fleet(*root, surroundings, context);
  warn_of_unused_address(*root, surroundings, context);
  return finished(std::move(config), std::move(problems), source);
}

config_outcome config_from_environment(const config_surroundings& surroundings) {
  constexpr std::string_view source = "environment";
  if (!is_set(surroundings, "DISCORD_TOKEN") && !is_set(surroundings, "DISCORD_TOKEN_FILE")) {
    return only_error(source, "there is no fleet.yaml here, and DISCORD_TOKEN is not set",
                      "write a fleet.yaml with: guildfleet init; or set DISCORD_TOKEN to run one bot");
  }
  base::problem_list problems;
  environment_tree tree = tree_from_environment(surroundings.variables, problems);
  reader_context context{std::string(source),    problems, label_in_environment, std::move(tree.reported),
                         surroundings.runs_here, nullptr};
  fleet_config config = read_fleet(tree.root, surroundings, context);
  return finished(std::move(config), std::move(problems), source);
}

config_outcome load_fleet_config(const std::optional<std::filesystem::path>& file,
                                 const config_surroundings& surroundings) {
  const std::filesystem::path path = file.value_or("fleet.yaml");
  std::error_code ignored;
  if (!file && !std::filesystem::exists(path, ignored)) return config_from_environment(surroundings);
  std::ifstream input(path, std::ios::binary);
  if (!input || std::filesystem::is_directory(path, ignored)) {
    return only_error(path.string(), "this file cannot be read", "check the path and its permissions");
  }
  // One byte more than the parser accepts, so that it can tell.
  std::string text((1U << 20U) + 1, '\0');
  input.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(input.gcount()));
  return parse_fleet_config(text, path.string(), surroundings);
}

}  // namespace guildfleet::ops
