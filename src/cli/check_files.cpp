#include "cli/check_files.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "base/replace_file.hpp"
#include "cli/git_facts.hpp"
#include "ops/check/compose.hpp"
#include "ops/check/fleet.hpp"
#include "ops/check/kubernetes.hpp"
#include "ops/check/nginx.hpp"

namespace guildfleet::cli {
namespace {

namespace fs = std::filesystem;

void finish(check_report& report, check_report::part part, std::string_view text) {
  report.ignored += ops::take_ignored(part.findings, text);
  ops::sort_findings(part.findings);
  report.parts.push_back(std::move(part));
}

void add_outcome(ops::config_outcome outcome, std::string_view text, check_report& report) {
  check_report::part part{outcome.source, "fleet", 0, std::move(outcome.problems), {}};
  if (outcome.config) {
    part.bots = outcome.config->bots.size();
    part.findings = ops::check_fleet(*outcome.config, {outcome.source, std::string(text)});
  }
  std::ranges::move(ops::findings_of(part.problems), std::back_inserter(part.findings));
  finish(report, std::move(part), text);
}

void add_fleet(const check_file& file, const config_options& config, const program_facts& facts,
               check_report& report) {
  auto outcome = load_config({file.file.source, config.env_file}, facts, !file.from_folder, file.file.text);
  // The .env that is here says nothing of another machine, unless it kept the file from being read.
  if (file.from_folder && outcome.config)
    std::erase_if(outcome.problems,
                  [&](const base::problem& each) { return each.source != file.file.source; });
  add_outcome(std::move(outcome), file.file.text, report);
}

ops::finding_list check_env(const check_file& file, const program_facts& facts) {
  ops::env_file_input input;
  input.file = file.file;
  std::error_code problem;
  const auto mode = fs::status(file.file.source, problem).permissions();
  input.readable_by_others = !problem && (mode & fs::perms::others_read) != fs::perms::none;
  input.git = git_state_of(file.file.source, facts.variables);
  input.template_file = ops::is_template(file.file.source);
  return ops::check_env_file(input);
}

// Objects of several files belong together; findings go back to their files.
void add_kubernetes(const std::vector<check_file>& all, check_report& report) {
  std::vector<ops::source_text> files;
  for (const check_file& each : all) {
    if (each.kind == ops::file_kind::kubernetes) files.push_back(each.file);
  }
  if (files.empty()) return;
  const auto findings = ops::check_kubernetes(files);
  for (const ops::source_text& file : files) {
    check_report::part part{file.source, "kubernetes", 0, {}, {}};
    std::ranges::copy_if(findings, std::back_inserter(part.findings),
                         [&](const ops::finding& each) { return each.source == file.source; });
    finish(report, std::move(part), file.text);
  }
}

void add_file(const check_file& file, const check_input& input, const config_options& config,
              const program_facts& facts, check_report& report) {
  check_report::part part{file.file.source, std::string(ops::name_of(file.kind)), 0, {}, {}};
  switch (file.kind) {
    case ops::file_kind::fleet:
      add_fleet(file, config, facts, report);
      return;
    case ops::file_kind::kubernetes:
      return;
    case ops::file_kind::compose:
      part.findings = ops::check_compose({file.file, env_files_of(file.file, input.files)});
      break;
    case ops::file_kind::nginx:
      part.findings = ops::check_nginx(file.file);
      break;
    case ops::file_kind::env:
      part.findings = check_env(file, facts);
      break;
  }
  finish(report, std::move(part), file.file.text);
}

}  // namespace

ops::finding_list check_report::findings() const {
  ops::finding_list out;
  for (const part& each : parts) std::ranges::copy(each.findings, std::back_inserter(out));
  return out;
}

check_report check_configuration(const config_options& config, const program_facts& facts) {
  check_report report;
  config_options named = config;
  std::error_code ignored;
  if (named.file.empty() && fs::exists("fleet.yaml", ignored)) named.file = "fleet.yaml";
  // Without a file the environment is what is read.
  const bool is_file = !named.file.empty() && !fs::is_directory(named.file, ignored);
  const auto text = is_file ? base::text_in_file(named.file) : std::nullopt;
  add_outcome(load_config(named, facts, true, text), text.value_or(""), report);
  return report;
}

check_report check_files(check_input input, const config_options& config, const program_facts& facts) {
  check_report report;
  report.failures = std::move(input.failures);
  report.not_read = std::move(input.not_read);
  for (const check_file& each : input.files) add_file(each, input, config, facts, report);
  add_kubernetes(input.files, report);
  return report;
}

}  // namespace guildfleet::cli
