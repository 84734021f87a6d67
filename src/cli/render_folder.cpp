#include "cli/render_folder.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>
#include <sstream>

#include "base/replace_file.hpp"

namespace guildfleet::cli {
namespace {

namespace fs = std::filesystem;

constexpr int deepest = 6;
constexpr int most_entries = 10'000;

// Empty: nothing stands in the way of writing there.
std::string obstacle(const fs::path& path, const std::optional<std::string>& before) {
  std::error_code ignored;
  const fs::file_status status = fs::symlink_status(path, ignored);
  if (!fs::exists(status)) return {};
  if (fs::is_symlink(status)) return path.string() + " is a symbolic link, which render does not write";
  if (fs::is_directory(status)) return path.string() + " is a folder";
  if (!fs::is_regular_file(status)) return path.string() + " is no ordinary file";
  if (!before) return path.string() + " cannot be read";
  if (ops::target_that_wrote(*before).empty()) return path.string() + " was not written by guildfleet render";
  return {};
}

std::vector<std::string> lines_without_comments(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('#')) out.push_back(line);
  }
  return out;
}

void look_at_file(const fs::path& folder, const ops::rendered_file& file, folder_view& out) {
  const fs::path path = folder / file.path;
  auto before = base::text_in_file(path.string());
  std::string why = obstacle(path, before);
  if (before == file.text && why.empty()) return;
  if (!why.empty() && file.yields) {
    out.notes.push_back(fmt::format("{} and stays as it is; render would write there: {}", why,
                                    fmt::join(lines_without_comments(file.text), " ")));
    return;
  }
  const bool is_new = !before && why.empty();
  if (!why.empty()) out.not_ours.push_back(std::move(why));
  out.changes.push_back(
      {is_new ? folder_act::write : folder_act::change, file.path, std::move(before).value_or(""), &file});
}

class left_over_search final {
 public:
  left_over_search(const fs::path& folder, const ops::rendering& rendered) : folder_(folder) {
    for (const ops::rendered_file& each : rendered.files) {
      written_.insert(each.path);
      writers_.emplace(ops::target_that_wrote(each.text));
    }
  }

  void search(const std::string& below, folder_view& out) {
    std::error_code problem;
    fs::recursive_directory_iterator at(folder_ / below, problem);
    for (; !problem && at != fs::recursive_directory_iterator() && seen_ < most_entries;
         at.increment(problem)) {
      ++seen_;
      std::error_code ignored;
      const fs::file_status status = at->symlink_status(ignored);
      if (at.depth() >= deepest || at->path().filename() == "secrets") at.disable_recursion_pending();
      if (fs::is_regular_file(status)) look(at->path(), out);
    }
  }

 private:
  void look(const fs::path& path, folder_view& out) const {
    std::string name = path.lexically_relative(folder_).generic_string();
    if (written_.contains(name)) return;
    auto text = base::text_in_file(path.string());
    if (!text || !writers_.contains(std::string(ops::target_that_wrote(*text)))) return;
    out.changes.push_back({folder_act::remove, std::move(name), std::move(*text), nullptr});
  }

  const fs::path folder_;
  std::set<std::string> written_;
  std::set<std::string> writers_;
  int seen_ = 0;
};

std::string fix_for_folder(std::error_code problem) {
  if (problem == std::errc::permission_denied || problem == std::errc::operation_not_permitted)
    return "Make the folder that it is in this user's, or name another one.";
  if (problem == std::errc::read_only_file_system)
    return "Its file system is read only: name a folder that may be written to.";
  if (problem == std::errc::not_a_directory)
    return "It is a file: move it away, or name a folder with --output.";
  return "Look at the folder and its disk.";
}

base::result<void> make_folders(const fs::path& folder) {
  std::error_code problem;
  std::error_code ignored;
  if (folder.empty() || fs::is_directory(folder, ignored)) return {};
  if (fs::exists(folder, ignored))
    problem = std::make_error_code(std::errc::not_a_directory);
  else if (auto above = make_folders(folder.parent_path()); !above)
    return above;
  else
    fs::create_directory(folder, problem);
  // Another render may have made it meanwhile.
  if (!problem || fs::is_directory(folder, ignored)) return {};
  return base::fail(problem, folder.string(), fix_for_folder(problem));
}

// Up to the folders that are the target's, as long as nothing else is in them.
void remove_empty_folders(const fs::path& folder, const ops::rendering& rendered, const fs::path& of) {
  for (fs::path each = of.parent_path(); !each.empty(); each = each.parent_path()) {
    std::error_code not_empty;
    if (std::ranges::find(rendered.folders, each.generic_string()) != rendered.folders.end()) return;
    if (!fs::remove(folder / each, not_empty)) return;
  }
}

}  // namespace

folder_view look_at_folder(const fs::path& folder, const ops::rendering& rendered) {
  folder_view out;
  for (const ops::rendered_file& each : rendered.files) look_at_file(folder, each, out);
  left_over_search search(folder, rendered);
  for (const std::string& each : rendered.folders) search.search(each, out);
  return out;
}

base::result<void> apply_change(const fs::path& folder, const ops::rendering& rendered,
                                const folder_change& change) {
  const fs::path path = folder / change.path;
  if (change.after == nullptr) {
    std::error_code problem;
    fs::remove(path, problem);
    if (problem)
      return base::fail(problem, path.string(), "Remove it by hand: render would not write it now.");
    remove_empty_folders(folder, rendered, change.path);
    return {};
  }
  if (auto made = make_folders(path.parent_path()); !made) return made;
  // Containers read the files as another user; no secret is in them.
  return base::replace_file(path.string(), change.after->text, change.after->executable ? 0755 : 0644);
}

}  // namespace guildfleet::cli
