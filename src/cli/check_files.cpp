#include "cli/check_files.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>

#include "base/replace_file.hpp"
#include "cli/git_facts.hpp"
#include "ops/check/compose.hpp"
#include "ops/check/fleet.hpp"
#include "ops/check/kubernetes.hpp"
#include "ops/check/kubernetes_folder.hpp"
#include "ops/check/named_secrets.hpp"
#include "ops/check/nginx.hpp"

namespace guildfleet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_config_bytes = 1U << 20U;  // as parse_fleet_config takes

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
  auto outcome =
      load_config({file.file.source, config.env_file, {}, file.file.text}, facts, !file.from_folder);
  // The .env that is here says nothing of another machine, unless it kept the file from being read.
  if (file.from_folder && outcome.config)
    std::erase_if(outcome.problems,
                  [&](const base::problem& each) { return each.source != file.file.source; });
  add_outcome(std::move(outcome), file.file.text, report);
}

ops::finding_list check_env(const check_file& file, const program_facts& facts) {
  ops::env_file_input input;
  input.file = file.file;
  if (!file.is_piped) {
    std::error_code problem;
    const auto mode = fs::status(file.file.source, problem).permissions();
    input.readable_by_others = !problem && (mode & fs::perms::others_read) != fs::perms::none;
    input.git = git_state_of(file.file.source, facts.variables);
  }
  input.template_file = ops::is_template(file.file.source);
  return ops::check_env_file(input);
}

ops::finding_list check_compose(const check_file& file, const std::vector<check_file>& all) {
  ops::compose_input input{file.file, env_files_of(file.file, all), {}};
  const fs::path folder = fs::path(file.file.source).parent_path();
  for (ops::named_path& each : ops::extended_files_of(file.file)) {
    std::error_code problem;
    if (!file.is_piped && !fs::exists(folder / each.path, problem))
      input.missing_files.push_back(std::move(each));
  }
  return ops::check_compose(input);
}

void add_missing_resources(const ops::source_text& file, ops::finding_list& findings) {
  const fs::path folder = fs::path(file.source).parent_path();
  for (const ops::named_path& each : ops::kustomize_resources_of(file)) {
    std::error_code problem;
    if (!fs::exists(folder / each.path, problem)) findings.push_back(ops::missing_resource(file, each));
  }
}

// Objects of several files belong together; findings go back to their files.
void add_kubernetes(const std::vector<check_file>& all, check_report& report) {
  std::vector<ops::source_text> files;
  for (const check_file& each : all) {
    if (each.kind == ops::file_kind::kubernetes) files.push_back(each.file);
  }
  if (files.empty()) return;
  auto findings = ops::check_kubernetes(files);
  for (const check_file& each : all) {
    if (each.kind == ops::file_kind::kubernetes && !each.is_piped) add_missing_resources(each.file, findings);
  }
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
      part.findings = check_compose(file, input.files);
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

// A path in a Compose file is meant from there, one in a fleet.yaml from where the program runs.
std::set<fs::path> secret_files_of(const check_file& file, const program_facts& facts) {
  std::set<fs::path> out;
  if (file.is_piped) return out;
  const fs::path folder =
      file.kind == ops::file_kind::compose ? fs::path(file.file.source).parent_path() : fs::path();
  for (const std::string& each : ops::secret_files_named_in(file.kind, file.file)) {
    fs::path path = (folder / each).lexically_normal();
    if (git_state_of(path, facts.variables) == ops::git_state::tracked) out.insert(std::move(path));
  }
  return out;
}

void add_secret_files(const std::set<fs::path>& paths, check_report& report) {
  for (const fs::path& each : paths)
    report.parts.push_back({each.string(), "secret", 0, {}, {ops::tracked_secret_file(each.string())}});
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
  if (!named.file.empty()) named.text = base::first_bytes_in_file(named.file, max_config_bytes + 1);
  add_outcome(load_config(named, facts), named.text.value_or(""), report);
  const bool is_piped = !fs::is_regular_file(named.file, ignored);
  const check_file file{ops::file_kind::fleet, {named.file, named.text.value_or("")}, false, is_piped};
  add_secret_files(secret_files_of(file, facts), report);
  return report;
}

check_report check_files(check_input input, const config_options& config, const program_facts& facts) {
  check_report report;
  report.failures = std::move(input.failures);
  report.not_read = std::move(input.not_read);
  for (const check_file& each : input.files) add_file(each, input, config, facts, report);
  add_kubernetes(input.files, report);
  std::set<fs::path> secrets;
  for (const check_file& each : input.files) secrets.merge(secret_files_of(each, facts));
  for (const std::string& each : input.folders) {
    for (fs::path& path : secret_files_in_git(each)) secrets.insert(std::move(path));
  }
  add_secret_files(secrets, report);
  return report;
}

}  // namespace guildfleet::cli
