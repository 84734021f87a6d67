// guildfleet render: deployment files from fleet.yaml.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <memory>
#include <ostream>

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

std::optional<std::string> text_in(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// By way of a second file: who reads meanwhile sees the old text or the new one.
bool write(const fs::path& path, const ops::rendered_file& file, const terminal& to) {
  std::error_code problem;
  fs::create_directories(path.parent_path(), problem);
  const fs::path next = path.string() + ".new";
  std::ofstream out(next, std::ios::binary | std::ios::trunc);
  out << file.text;
  out.close();
  // Containers read them as another user; no secret is in them.
  if (out) fs::permissions(next, fs::perms{file.executable ? 0755U : 0644U}, problem);
  if (out) fs::rename(next, path, problem);
  if (out && !problem) return true;
  to.err << path.string() << ": cannot be written; is the folder there, and yours?\n";
  fs::remove(next, problem);
  return false;
}

exit_code show_difference(const ops::rendering& rendered, const fs::path& folder, const terminal& to) {
  bool same = true;
  for (const ops::rendered_file& each : rendered.files) {
    const auto before = text_in(folder / each.path);
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
    const auto before = text_in(path);
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
  return [request, &facts](const terminal& to) {
    return with_config_without_secrets(request->config, facts, to, [&](const ops::fleet_config& config) {
      return render(*request, config, to);
    });
  };
}

}  // namespace guildfleet::cli
