// guildfleet render: deployment files from fleet.yaml.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <ostream>

#include "cli/config_input.hpp"
#include "cli/render_folder.hpp"
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
  bool force = false;
};

const char* word_of(folder_act act) {
  switch (act) {
    case folder_act::write:
      return "wrote ";
    case folder_act::change:
      return "changed ";
    case folder_act::remove:
      return "removed ";
  }
  return "";
}

void tell(const std::vector<std::string>& sentences, const terminal& to) {
  for (const std::string& each : sentences) to.err << "guildfleet: " << each << '\n';
}

exit_code show_difference(const folder_view& seen, bool force, const terminal& to) {
  for (const folder_change& each : seen.changes) {
    to.out << text_difference(each.path, each.before, each.after == nullptr ? "" : each.after->text);
    if (each.after == nullptr) to.out << "removed " << each.path << '\n';
  }
  tell(seen.notes, to);
  if (!force) tell(seen.not_ours, to);
  if (!force && !seen.not_ours.empty()) to.err << "render would write nothing without --force\n";
  if (seen.changes.empty()) to.err << "nothing would change\n";
  return seen.changes.empty() ? exit_code::fine : exit_code::failed;
}

exit_code render(const render_request& request, const ops::fleet_config& config, const terminal& to) {
  const auto rendered = ops::render(request.target, config);
  if (!rendered) {
    to.err << "guildfleet: " << rendered.error().message() << '\n';
    return exit_code::usage;
  }
  const fs::path folder(request.folder);
  const folder_view seen = look_at_folder(folder, *rendered);
  if (request.difference) return show_difference(seen, request.force, to);
  if (!request.force && !seen.not_ours.empty()) {
    tell(seen.not_ours, to);
    to.err << "nothing was written (--force overwrites)\n";
    return exit_code::refused;
  }
  for (const folder_change& each : seen.changes) {
    if (const auto done = apply_change(folder, *rendered, each); !done) return tell_failure(to, done.error());
    to.out << word_of(each.act) << (folder / each.path).string() << '\n';
  }
  tell(seen.notes, to);
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
  app.add_option("-o,--output", request->folder, "the folder to write into")
      ->required()
      ->check([](const std::string& folder) {
        return folder.empty() ? std::string("name a folder; . is this one") : std::string();
      });
  app.add_flag("--diff", request->difference,
               "show what would change, and write nothing; exit code 1 when something would");
  app.add_flag("--force", request->force, "overwrite files that render has not written");
  // What is rendered asks for it where it runs, and falls back to what the file says.
  request->config.left_out = {"DISCORD_API_URL"};
  return [request, &facts](const terminal& to) {
    return with_config_without_secrets(request->config, facts, to, [&](const ops::fleet_config& config) {
      return render(*request, config, to);
    });
  };
}

}  // namespace guildfleet::cli
