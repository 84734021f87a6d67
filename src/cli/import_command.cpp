// guildfleet import: a fleet.yaml from a Compose file or a .env.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <ostream>

#include "base/count_text.hpp"
#include "base/replace_file.hpp"
#include "cli/check_input.hpp"
#include "cli/command.hpp"
#include "ops/import/import_compose.hpp"
#include "ops/import/import_env.hpp"

namespace guildfleet::cli {
namespace {

namespace fs = std::filesystem;

struct import_options {
  std::string file;
  std::string output = "fleet.yaml";
  bool force = false;
};

base::result<ops::fleet_draft> import_as_compose(const check_input& read, const program_facts& facts) {
  ops::compose_import request;
  request.input.file = read.files.front().file;
  std::error_code problem;
  const fs::path file = fs::absolute(request.input.file.source, problem);
  request.folder_name = file.parent_path().filename().string();
  request.known_features = facts.known_features;
  request.input.env_files = env_files_of(request.input.file, read.files);
  return ops::import_compose(request);
}

bool write(const std::string& path, std::string_view text, const terminal& to) {
  if (path == "-") {
    to.out << text;
    return true;
  }
  if (const auto done = base::write_output(path, text, 0644); !done) {
    to.err << "guildfleet: " << done.error().message() << '\n';
    return false;
  }
  to.out << "wrote " << path << '\n';
  return true;
}

void tell(const ops::fleet_draft& draft, const import_options& options, const terminal& to) {
  to.err << base::count_text(draft.bots.size(), "bot") << " found\n";
  if (!draft.left.empty()) to.err << "not translated, or to be done by hand:\n";
  for (const ops::left_over& each : draft.left)
    to.err << shown(fmt::format("  {}: {}: {}", each.where, each.what, each.why)) << '\n';
  if (options.output != "-") to.err << "next: guildfleet check -c " << options.output << '\n';
}

exit_code import(const import_options& options, const program_facts& facts, const terminal& to) {
  std::error_code problem;
  const check_input read = read_check_input({options.file});
  if (read.files.empty() || fs::is_directory(options.file, problem)) {
    to.err << shown(read.failures.empty() ? options.file + ": name the file itself" : read.failures.front())
           << '\n';
    return exit_code::usage;
  }
  if (options.output != "-" && !options.force && fs::exists(options.output, problem)) {
    to.err << options.output << " exists and stays as it is; nothing was written (--force overwrites)\n";
    return exit_code::refused;
  }
  const check_file& file = read.files.front();
  const bool is_env = file.kind == ops::file_kind::env;
  const auto draft = is_env ? ops::import_env(file.file) : import_as_compose(read, facts);
  if (!draft) {
    to.err << "guildfleet: " << shown(draft.error().message()) << '\n';
    return exit_code::usage;
  }
  if (!write(options.output, ops::fleet_yaml_of(*draft, fs::path(options.file).filename().string()), to))
    return exit_code::failed;
  for (const std::string& each : read.not_read) to.err << shown(each) << '\n';
  tell(*draft, options, to);
  return exit_code::fine;
}

}  // namespace

command_action attach_import(CLI::App& app, const program_facts& facts) {
  const auto options = std::make_shared<import_options>();
  app.add_option("file", options->file, "a Compose file, or a .env with the tokens of several bots")
      ->required();
  app.add_option("-o,--output", options->output,
                 "what to write (default: fleet.yaml; -: to standard output)");
  app.add_flag("--force", options->force, "overwrite what is there");
  return [options, &facts](const terminal& to) { return import(*options, facts, to); };
}

}  // namespace guildfleet::cli
