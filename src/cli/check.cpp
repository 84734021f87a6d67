// guildfleet check: all problems of the configuration at once.
#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/json_text.hpp"
#include "cli/config_input.hpp"

namespace guildfleet::cli {
namespace {

struct check_options {
  config_options config;
  std::string output = "text";
};

void print_json(const ops::config_outcome& outcome, const terminal& to) {
  base::json_writer json;
  json.begin_object().key("source").string(outcome.source).key("ok").boolean(outcome.config.has_value());
  json.key("problems").begin_array();
  for (const auto& each : outcome.problems) {
    json.begin_object().key("severity").string(base::name_of(each.severity));
    json.key("file").string(each.source);
    json.key("line").number(std::uint64_t{each.at.line}).key("column").number(std::uint64_t{each.at.column});
    json.key("message").string(each.message).key("fix").string(each.fix).end_object();
  }
  json.end_array().end_object();
  to.out << json.text() << '\n';
}

std::string bots_in_words(std::size_t count) {
  return count == 1 ? "1 bot" : fmt::format("{} bots", count);
}

exit_code check(const check_options& options, const program_facts& facts, const terminal& to) {
  const auto outcome = load_config(options.config, facts);
  if (options.output == "json") {
    print_json(outcome, to);
  } else {
    print_problems(outcome.problems, to);
    if (outcome.config) {
      to.out << outcome.source << ": " << painted(to, colour::green, "good") << ", "
             << bots_in_words(outcome.config->bots.size()) << '\n';
    }
  }
  return outcome.config ? exit_code::fine : exit_code::usage;
}

}  // namespace

command_action attach_check(CLI::App& app, const program_facts& facts) {
  const auto options = std::make_shared<check_options>();
  add_config_options(app, options->config);
  app.add_option("-o,--output", options->output, "text or json")->check(CLI::IsMember({"text", "json"}));
  return [options, &facts](const terminal& to) { return check(*options, facts, to); };
}

}  // namespace guildfleet::cli
