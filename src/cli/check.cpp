// guildfleet check: everything that is wrong with the configuration, or with files of other programs.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <ostream>

#include "base/count_text.hpp"
#include "cli/check_files.hpp"
#include "cli/check_text.hpp"
#include "ops/check/sarif.hpp"

namespace guildfleet::cli {
namespace {

struct check_options {
  config_options config;
  std::vector<std::string> paths;
  std::string output = "text";
  std::string fail_on = "error";
  std::string explain;
  bool list = false;
};

void append_problems(base::json_writer& json, const base::problem_list& problems) {
  json.begin_array();
  for (const auto& each : problems) {
    json.begin_object().key("severity").string(base::name_of(each.severity));
    json.key("file").string(each.source);
    json.key("line").number(std::uint64_t{each.at.line}).key("column").number(std::uint64_t{each.at.column});
    json.key("message").string(each.message).key("fix").string(each.fix).end_object();
  }
  json.end_array();
}

void print_json(const check_report& report, bool ok, const terminal& to) {
  base::json_writer json;
  json.begin_object().key("ok").boolean(ok);
  base::problem_list problems;
  if (report.parts.size() == 1) json.key("source").string(report.parts.front().source);
  json.key("files").begin_array();
  for (const auto& each : report.parts) {
    json.begin_object().key("file").string(each.source).key("kind").string(each.kind).end_object();
    std::ranges::copy(each.problems, std::back_inserter(problems));
  }
  json.end_array().key("problems");
  append_problems(json, problems);
  json.key("findings");
  ops::append_findings(json, report.findings());
  json.key("ignored").number(std::uint64_t{report.ignored}).end_object();
  to.out << json.text() << '\n';
}

// Where a file is below this folder, code hosts want to hear of it from here.
void print_sarif(const check_report& report, const program_facts& facts, const terminal& to) {
  std::error_code problem;
  const auto here = std::filesystem::current_path(problem);
  ops::finding_list findings = report.findings();
  for (ops::finding& each : findings) {
    const auto relative = std::filesystem::path(each.source).lexically_relative(here);
    const bool below = !relative.empty() && *relative.begin() != "..";
    if (each.source.starts_with('/') && below) each.source = relative.generic_string();
  }
  to.out << ops::sarif_of(findings, facts.version) << '\n';
}

// What the reader of fleet.yaml says has lines of its own.
bool is_of_reader(const ops::finding& each) {
  return each.rule->id == "GF101" || each.rule->id == "GF102";
}

void print_part(const check_report::part& part, const terminal& to) {
  print_problems(part.problems, to);
  ops::finding_list others = part.findings;
  std::erase_if(others, is_of_reader);
  const std::string name = shown(part.source);
  const bool is_good = std::ranges::none_of(
      part.findings, [](const auto& each) { return each.rule->severity == ops::finding_severity::error; });
  if (part.kind == "fleet" && part.bots != 0 && is_good)
    to.out << name << ": " << painted(to, colour::green, "good") << ", " << base::count_text(part.bots, "bot")
           << '\n';
  else if (part.findings.empty())
    to.out << name << ": " << painted(to, colour::green, "good") << '\n';
  else if (!others.empty())
    to.out << painted(to, colour::bold, name) << '\n';
  print_findings(others, to);
}

void print_text(const check_report& report, const terminal& to) {
  for (const auto& each : report.parts) print_part(each, to);
  const ops::finding_list findings = report.findings();
  // A fleet alone that has nothing, or only what stands there line by line, needs no sum.
  const bool is_told = std::ranges::all_of(findings, is_of_reader) && report.ignored == 0;
  if (report.parts.size() <= 1 && is_told) return;
  to.out << base::count_text(report.parts.size(), "file") << ": "
         << findings_in_words(findings, report.ignored) << '\n';
}

// The severity from which on a finding counts; a note never does.
bool fails(const check_report& report, const std::string& fail_on) {
  if (fail_on == "never") return false;
  const auto least = fail_on == "error" ? ops::finding_severity::error : ops::finding_severity::warning;
  return std::ranges::any_of(report.findings(),
                             [least](const ops::finding& each) { return each.rule->severity >= least; });
}

exit_code explain(const std::string& id, const terminal& to) {
  if (const ops::check_rule* rule = ops::find_rule(id); rule != nullptr) {
    print_rule(*rule, to);
    return exit_code::fine;
  }
  to.err << fmt::format("guildfleet: there is no rule {}; see them all with guildfleet check --list\n", id);
  return exit_code::usage;
}

exit_code list(const check_options& options, const terminal& to) {
  if (options.output == "json") {
    base::json_writer json;
    ops::append_rules(json);
    to.out << json.text() << '\n';
  } else {
    print_rules(to);
  }
  return exit_code::fine;
}

exit_code check(const check_options& options, const program_facts& facts, const terminal& to) {
  if (!options.explain.empty()) return explain(options.explain, to);
  if (options.list) return list(options, to);
  const check_report report = options.paths.empty()
                                  ? check_configuration(options.config, facts)
                                  : check_files(read_check_input(options.paths), options.config, facts);
  const bool ok = !fails(report, options.fail_on) && report.failures.empty();
  if (options.output == "json")
    print_json(report, ok, to);
  else if (options.output == "sarif")
    print_sarif(report, facts, to);
  else
    print_text(report, to);
  for (const std::string& each : report.failures) to.err << shown(each) << '\n';
  return ok ? exit_code::fine : exit_code::usage;
}

}  // namespace

command_action attach_check(CLI::App& app, const program_facts& facts) {
  const auto options = std::make_shared<check_options>();
  add_config_options(app, options->config);
  app.add_option(
      "paths", options->paths,
      "Compose, Kubernetes, nginx, .env and fleet files, or folders with them (default: the fleet's file)");
  app.add_option("-o,--output", options->output, "text, json or sarif")
      ->check(CLI::IsMember({"text", "json", "sarif"}));
  app.add_option("--fail-on", options->fail_on, "what gives exit code 2: error (default), warning or never")
      ->check(CLI::IsMember({"error", "warning", "never"}));
  app.add_option("--explain", options->explain, "tell a rule whole, such as GF202");
  app.add_flag("--list", options->list, "list all rules");
  return [options, &facts](const terminal& to) { return check(*options, facts, to); };
}

}  // namespace guildfleet::cli
