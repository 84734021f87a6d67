// guildfleet render: deployment files from fleet.yaml.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <ostream>

#include "base/replace_file.hpp"
#include "cli/config_input.hpp"
#include "cli/text_difference.hpp"
#include "ops/render/targets.hpp"

namespace guildfleet::cli {
namespace {

namespace fs = std::filesystem;

struct render_request {
  config_options config;
  std::string target;
  std::string folder;
  bool difference = false;
};

// Containers read the files as another user; no secret is in them.
bool write(const fs::path& path, const ops::rendered_file& file, const terminal& to) {
  std::error_code told_by_the_next_one;
  fs::create_directories(path.parent_path(), told_by_the_next_one);
  const auto done = base::replace_file(path.string(), file.text, file.executable ? 0755 : 0644);
  if (!done) (void)tell_failure(to, done.error());
  return done.has_value();
}

exit_code show_difference(const ops::rendering& rendered, const fs::path& folder, const terminal& to) {
  bool same = true;
  for (const ops::rendered_file& each : rendered.files) {
    const auto before = base::text_in_file((folder / each.path).string());
    if (before == each.text) continue;
    same = false;
    to.out << text_difference(each.path, before.value_or(""), each.text);
  }
  if (same) to.err << "nothing would change\n";
  return same ? exit_code::fine : exit_code::failed;
}

exit_code render(const render_request& request, const ops::fleet_config& config, const terminal& to) {
  const auto rendered = ops::render(request.target, config);
  if (!rendered) {
    to.err << "guildfleet: " << rendered.error().message() << '\n';
    return exit_code::usage;
  }
  const fs::path folder(request.folder);
  if (request.difference) return show_difference(*rendered, folder, to);
  for (const ops::rendered_file& each : rendered->files) {
    const fs::path path = folder / each.path;
    const auto before = base::text_in_file(path.string());
    if (before == each.text) continue;
    if (!write(path, each, to)) return exit_code::failed;
    to.out << (before ? "changed " : "wrote ") << path.string() << '\n';
  }
  for (const std::string& each : rendered->next) to.err << "next: " << each << '\n';
  return exit_code::fine;
}

}  // namespace

command_action attach_render(CLI::App& app, const program_facts& facts) {
  const auto request = std::make_shared<render_request>();
  add_config_options(app, request->config);
  app.add_option("target", request->target, "what is to be written")
      ->required()
      ->check(CLI::IsMember(ops::render_targets()));
  app.add_option("-o,--output", request->folder, "the folder to write into")->required();
  app.add_flag("--diff", request->difference,
               "show what would change, and write nothing; exit code 1 when something would");
  // What is rendered asks for it where it runs, and falls back to what the file says.
  request->config.left_out = {"DISCORD_API_URL"};
  return [request, &facts](const terminal& to) {
    return with_config_without_secrets(request->config, facts, to, [&](const ops::fleet_config& config) {
      return render(*request, config, to);
    });
  };
}

}  // namespace guildfleet::cli
