#include "cli/git_facts.hpp"

#include <fnmatch.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ops/check/file_kind.hpp"

namespace guildfleet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_index_bytes = 64U << 20U;
constexpr std::size_t max_ignore_bytes = 1U << 20U;

std::string text_in(const fs::path& path, std::size_t most) {
  std::error_code ignored;
  const auto size = fs::file_size(path, ignored);
  if (ignored || size > most) return {};
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The folder with the index: .git itself, or what a .git file of a worktree names.
fs::path git_folder(const fs::path& root) {
  std::error_code ignored;
  const fs::path git = root / ".git";
  if (fs::is_directory(git, ignored)) return git;
  constexpr std::string_view key = "gitdir: ";
  std::string text = text_in(git, 4'096);
  if (!text.starts_with(key)) return {};
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return root / text.substr(key.size());
}

std::optional<fs::path> repository_above(const fs::path& file) {
  std::error_code ignored;
  for (fs::path at = file.parent_path();; at = at.parent_path()) {
    if (fs::exists(at / ".git", ignored)) return at;
    if (at == at.parent_path()) return std::nullopt;
  }
}

// The index of versions 2 and 3, as gitformat-index(5) tells: entries of fixed fields and a name, filled up
// with zero bytes to a multiple of 8. Version 4 shortens names and is not read.
// Visits names until one is accepted; answers whether one was.
bool any_in_index(const fs::path& folder, const std::function<bool(std::string_view name)>& visit) {
  const std::string index = text_in(folder / "index", max_index_bytes);
  constexpr std::size_t header = 12;
  constexpr std::size_t before_flags = 60;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(index[at]); };
  const bool is_known = index.size() > header && index.starts_with("DIRC") && (byte(7) == 2 || byte(7) == 3);
  if (!is_known) return false;
  std::size_t at = header;
  while (at + before_flags + 2 < index.size()) {
    const unsigned flags = (unsigned{byte(at + before_flags)} << 8U) | byte(at + before_flags + 1);
    const std::size_t begin = at + before_flags + ((flags & 0x4000U) != 0 ? 4 : 2);
    const std::size_t end = index.find('\0', begin);
    if (end == std::string::npos) return false;
    if (visit(std::string_view(index).substr(begin, end - begin))) return true;
    const std::size_t length = end - at;
    at += (length + 8) / 8 * 8;
  }
  return false;
}

bool is_in_index(const fs::path& folder, const std::string& name) {
  return any_in_index(folder, [&](std::string_view each) { return each == name; });
}

bool matches(std::string pattern, const std::string& relative, const std::string& base) {
  const bool anchored = pattern.find('/') < pattern.size() - 1;
  if (pattern.starts_with('/')) pattern.erase(0, 1);
  if (pattern.starts_with("**/")) return matches(pattern.substr(3), relative, base);
  if (pattern.ends_with('/')) {
    pattern.pop_back();
    // A folder: what is below is ignored with it.
    for (std::size_t slash = relative.find('/'); slash != std::string::npos;
         slash = relative.find('/', slash + 1)) {
      const std::string folder = relative.substr(0, slash);
      const std::size_t last = folder.rfind('/');
      const std::string name = last == std::string::npos ? folder : folder.substr(last + 1);
      if (::fnmatch(pattern.c_str(), (anchored ? folder : name).c_str(), FNM_PATHNAME) == 0) return true;
    }
    return false;
  }
  return ::fnmatch(pattern.c_str(), (anchored ? relative : base).c_str(), FNM_PATHNAME) == 0;
}

// The last line that matches decides.
void apply(const std::string& lines, const std::string& relative, const std::string& base, bool& is_ignored) {
  std::string_view rest = lines;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string line(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (line.ends_with(' ') || line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.starts_with('#')) continue;
    const bool again = line.starts_with('!');
    if (again) line.erase(0, 1);
    if (!line.empty() && matches(line, relative, base)) is_ignored = !again;
  }
}

fs::path own_ignore_file(const base::variable_lookup& variables) {
  if (const auto folder = variables("XDG_CONFIG_HOME"); folder && !folder->empty())
    return fs::path(*folder) / "git/ignore";
  return fs::path(variables("HOME").value_or("")) / ".config/git/ignore";
}

bool is_ignored(const fs::path& root, const fs::path& git, const fs::path& file,
                const base::variable_lookup& variables) {
  const std::string name = file.filename().string();
  const std::string from_root = file.lexically_relative(root).generic_string();
  bool out = false;
  apply(text_in(own_ignore_file(variables), max_ignore_bytes), from_root, name, out);
  apply(text_in(git / "info/exclude", max_ignore_bytes), from_root, name, out);
  fs::path folder = root;
  const fs::path below = file.parent_path().lexically_relative(root);
  apply(text_in(folder / ".gitignore", max_ignore_bytes), from_root, name, out);
  for (const fs::path& part : below) {
    if (part == ".") continue;
    folder /= part;
    apply(text_in(folder / ".gitignore", max_ignore_bytes), file.lexically_relative(folder).generic_string(),
          name, out);
  }
  return out;
}

}  // namespace

ops::git_state git_state_of(const fs::path& file, const base::variable_lookup& variables) {
  std::error_code problem;
  const fs::path whole = fs::weakly_canonical(fs::absolute(file, problem), problem);
  const auto root = repository_above(whole);
  if (problem || !root) return ops::git_state::outside;
  const fs::path git = git_folder(*root);
  if (git.empty()) return ops::git_state::outside;
  if (is_in_index(git, whole.lexically_relative(*root).generic_string())) return ops::git_state::tracked;
  return is_ignored(*root, git, whole, variables) ? ops::git_state::outside : ops::git_state::unguarded;
}

std::vector<fs::path> secret_files_in_git(const fs::path& folder) {
  constexpr std::size_t most = 1'000;
  std::error_code problem;
  const fs::path whole = fs::weakly_canonical(fs::absolute(folder, problem), problem);
  std::vector<fs::path> out;
  const auto root = repository_above(whole / ".");
  if (problem || !root) return out;
  (void)any_in_index(git_folder(*root), [&](std::string_view name) {
    if (!ops::is_secret_file(name)) return false;
    const fs::path below = (*root / name).lexically_relative(whole);
    if (*below.begin() != "..") out.push_back((folder / below).lexically_normal());
    return out.size() >= most;
  });
  return out;
}

}  // namespace guildfleet::cli
