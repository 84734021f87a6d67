// guildfleet init: a first fleet.yaml and .env.example.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <ostream>

#include "base/replace_file.hpp"
#include "cli/command.hpp"
#include "cli/init_files.hpp"

namespace guildfleet::cli {
namespace {

struct init_options {
  std::string folder = ".";
  bool force = false;
};

bool write(const std::filesystem::path& path, std::string_view text, const terminal& to) {
  if (const auto done = base::replace_file(path.string(), text, 0644); !done) {
    to.err << "guildfleet: " << done.error().message() << '\n';
    return false;
  }
  to.out << "wrote " << path.string() << '\n';
  return true;
}

exit_code init(const init_options& options, const terminal& to) {
  const auto folder = std::filesystem::path(options.folder);
  const auto fleet = (folder / "fleet.yaml").lexically_normal();
  const auto env = (folder / ".env.example").lexically_normal();
  for (const auto& path : {fleet, env}) {
    std::error_code ignored;
    if (options.force || !std::filesystem::exists(path, ignored)) continue;
    to.err << path.string() << " exists and stays as it is; nothing was written (--force overwrites)\n";
    return exit_code::refused;
  }
  if (!write(fleet, example_fleet_yaml(), to) || !write(env, example_env(), to)) return exit_code::failed;
  to.out << "next: copy .env.example to .env, put the token into it, then: guildfleet check\n";
  return exit_code::fine;
}

}  // namespace

command_action attach_init(CLI::App& app, const program_facts& /*facts*/) {
  const auto options = std::make_shared<init_options>();
  app.add_option("--dir", options->folder, "where to write (default: here)");
  app.add_flag("--force", options->force, "overwrite what is there");
  return [options](const terminal& to) { return init(*options, to); };
}

}  // namespace guildfleet::cli
