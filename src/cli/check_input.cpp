#include "cli/check_input.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <optional>

#include "ops/check/compose_file.hpp"

namespace guildfleet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_files = 2'000;
constexpr std::size_t max_entries = 50'000;
constexpr std::size_t max_bytes = 1U << 20U;
constexpr int max_depth = 8;
constexpr std::array<std::string_view, 7> folders_of_tools = {".git",   "node_modules", ".venv",     "venv",
                                                              "vendor", "__pycache__",  ".terraform"};

class input_reader final {
 public:
  void add(const std::string& path) {
    std::error_code problem;
    if (fs::is_directory(path, problem)) {
      is_cut_short_ = false;
      out_.folders.push_back(path);
      const std::size_t before = out_.files.size();
      walk(path, 0);
      if (is_cut_short_) fail(fmt::format("{}: there is more in it than is looked at", path));
      if (out_.files.size() == before) fail(fmt::format("{}: holds no file of a kind that is known", path));
      return;
    }
    const bool is_piped = is_standard_input(path) || fs::is_fifo(path, problem);
    if (!is_piped && fs::exists(path, problem) && !fs::is_regular_file(path, problem)) {
      fail(fmt::format("{}: is not a regular file", path));
      return;
    }
    auto text = is_standard_input(path) ? text_of(std::cin) : is_piped ? text_of_file(path) : text_in(path);
    if (!text)
      fail(fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
    else if (text->size() > max_bytes)
      fail(fmt::format("{}: is larger than 1 MiB; is it the right file?", path));
    else
      add_named(path, std::move(*text), is_piped);
  }

  [[nodiscard]] check_input take() {
    add_companions();
    return std::move(out_);
  }

 private:
  static bool is_standard_input(std::string_view path) {
    return path == "-" || path == "/dev/stdin" || path == "/dev/fd/0" || path == "/proc/self/fd/0";
  }

  // What it holds is not shown: it may be anything.
  void add_named(const std::string& path, std::string text, bool is_piped) {
    auto kind = ops::kind_of_file(path, text);
    if (!kind) kind = ops::kind_of_text(text);
    if (kind)
      keep({*kind, {path, std::move(text)}, false, is_piped});
    else
      fail(fmt::format(
          "{}: is of no kind that is known: services:, bots:, or apiVersion: and kind: at the top, "
          "a configuration of nginx, or lines NAME=VALUE",
          path));
  }

  void pass_over(std::string_view path, std::string_view why) {
    std::string sentence = fmt::format("{}: {}; it was not looked at", path, why);
    // Two Compose files may name one.
    if (std::ranges::find(out_.not_read, sentence) == out_.not_read.end())
      out_.not_read.push_back(std::move(sentence));
  }

  void fail(std::string sentence) { out_.failures.push_back(std::move(sentence)); }

  // One byte more than is taken, so that it can be told.
  static std::optional<std::string> text_in(const fs::path& path) {
    std::error_code ignored;
    errno = ENOENT;
    return fs::is_regular_file(path, ignored) ? text_of_file(path) : std::nullopt;
  }

  static std::optional<std::string> text_of_file(const fs::path& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    return file ? text_of(file) : std::nullopt;
  }

  static std::optional<std::string> text_of(std::istream& in) {
    std::string text(max_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) return std::nullopt;
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
  }

  void keep(check_file file) {
    const auto same = [&](const check_file& each) {
      return fs::path(each.file.source).lexically_normal() == fs::path(file.file.source).lexically_normal();
    };
    if (std::ranges::none_of(out_.files, same)) out_.files.push_back(std::move(file));
  }

  void walk(const fs::path& folder, int depth) {
    std::error_code problem;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
      if (++entries_ > max_entries) break;
      entries.push_back(*at);
    }
    if (problem) fail(fmt::format("{}: cannot be read: {}", folder.string(), problem.message()));
    std::ranges::sort(entries);
    for (const fs::directory_entry& each : entries) take_entry(each, depth);
  }

  void take_entry(const fs::directory_entry& entry, int depth) {
    std::error_code problem;
    if (entry.is_symlink(problem)) return;
    const std::string name = entry.path().filename().string();
    const std::string path = entry.path().lexically_normal().string();
    if (entries_ > max_entries || out_.files.size() >= max_files) {
      is_cut_short_ = true;
    } else if (entry.is_directory(problem)) {
      if (std::ranges::find(folders_of_tools, name) != folders_of_tools.end()) return;
      if (depth < max_depth)
        walk(path, depth + 1);
      else
        is_cut_short_ = true;
    } else if (ops::may_be_checked(path)) {
      auto text = text_in(path);
      if (!text) {
        if (entry.is_regular_file(problem))
          fail(fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
        return;
      }
      const auto kind = ops::kind_of_file(path, *text);
      if (kind && text->size() > max_bytes)
        pass_over(path, "is larger than 1 MiB");
      else if (kind)
        keep({*kind, {path, std::move(*text)}, true, false});
    }
  }

  // Nobody names the .env: it may be there.
  void add_companion(const std::string& path, bool may_be_absent) {
    auto text = text_in(path);
    if (text && text->size() <= max_bytes)
      keep({ops::file_kind::env, {path, std::move(*text)}, false, false});
    else if (text)
      pass_over(path, "is larger than 1 MiB");
    else if (errno != ENOENT || !may_be_absent)
      pass_over(path, fmt::format("cannot be read: {}", std::strerror(errno)));
  }

  void add_companions() {
    const std::size_t named = out_.files.size();
    for (std::size_t i = 0; i < named; ++i) {
      const check_file& file = out_.files[i];
      const fs::path folder = fs::path(file.file.source).parent_path();
      if (file.kind != ops::file_kind::compose || file.from_folder) continue;
      // Beside /dev/stdin or /dev/fd/63 lies nothing of it; "-" is read as if it were a file here.
      if (file.is_piped && !folder.empty()) continue;
      std::vector<std::string> names = ops::env_files_of(file.file);
      names.insert(names.begin(), ".env");
      for (const std::string& each : names) {
        const std::string path = (folder / each).lexically_normal().string();
        add_companion(path, &each == &names.front());
      }
    }
  }

  check_input out_;
  std::size_t entries_ = 0;
  bool is_cut_short_ = false;
};

}  // namespace

check_input read_check_input(const std::vector<std::string>& paths) {
  input_reader reader;
  for (const std::string& each : paths) reader.add(each);
  return reader.take();
}

std::map<std::string, std::string> env_files_of(const ops::source_text& compose,
                                                const std::vector<check_file>& files) {
  std::map<std::string, std::string> out;
  for (const std::string& name : ops::env_files_of(compose)) {
    const fs::path path = (fs::path(compose.source).parent_path() / name).lexically_normal();
    const auto found = std::ranges::find_if(
        files, [&](const check_file& each) { return fs::path(each.file.source).lexically_normal() == path; });
    if (found != files.end()) out[name] = found->file.text;
  }
  return out;
}

}  // namespace guildfleet::cli
