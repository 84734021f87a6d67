#include "ops/mount_origin.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

namespace guildfleet::ops {
namespace {

// mountinfo writes space, tab, line end and backslash as \040 and the like.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool octal = text[i] == '\\' && i + 3 < text.size();
    if (!octal) {
      out += text[i];
      continue;
    }
    out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
    i += 3;
  }
  return out;
}

bool is_within(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) &&
         (path.size() == folder.size() || folder == "/" || path[folder.size()] == '/');
}

struct mount_line {
  std::string root;   // within the file system
  std::string point;  // here
  std::string type;
};

mount_line line_of(const std::string& text) {
  std::istringstream words(text);
  std::string word;
  mount_line out;
  for (int place = 0; words >> word; ++place) {
    if (place == 3) out.root = unescaped(word);
    if (place == 4) out.point = unescaped(word);
    if (word == "-") break;
  }
  words >> out.type;
  return out;
}

std::string quoted(const std::string& path) {
  const bool plain = std::ranges::all_of(path, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '.' || c == '-' || c == '_';
  });
  if (plain) return path;
  std::string out = "'";
  for (const char c : path) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// Engines leave a mark, but not with every option; a root of layers they all have.
bool in_container(std::string_view mounts) {
  std::error_code ignored;
  if (std::filesystem::exists("/.dockerenv", ignored) ||
      std::filesystem::exists("/run/.containerenv", ignored))
    return true;
  std::istringstream lines{std::string(mounts)};
  for (std::string text; std::getline(lines, text);) {
    const mount_line each = line_of(text);
    if (each.point == "/" && (each.type == "overlay" || each.type == "fuse.fuse-overlayfs")) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> path_on_host(std::string_view path, std::string_view mounts) {
  std::istringstream lines{std::string(mounts)};
  std::optional<mount_line> nearest;
  for (std::string text; std::getline(lines, text);) {
    mount_line each = line_of(text);
    if (each.type.empty()) continue;  // no such line
    // Of two at one point the later one is on top.
    if (is_within(path, each.point) && (!nearest || each.point.size() >= nearest->point.size()))
      nearest = std::move(each);
  }
  if (!nearest || nearest->root == "/" || nearest->type == "tmpfs" || nearest->type == "overlay")
    return std::nullopt;
  return nearest->root + std::string(path.substr(nearest->point.size()));
}

std::optional<std::string> path_on_host(std::string_view path) {
  std::ifstream file("/proc/self/mountinfo");
  const std::string mounts(std::istreambuf_iterator<char>(file), {});
  if (!in_container(mounts)) return std::nullopt;
  return path_on_host(path, mounts);
}

std::string how_to_own(const std::string& path) {
  std::error_code ignored;
  const std::string whole = std::filesystem::absolute(path, ignored).lexically_normal().string();
  if (const auto there = path_on_host(whole))
    return fmt::format("on the host, as root: chown {} {}", ::getuid(), quoted(*there));
  return fmt::format("chown {} {}", ::getuid(), quoted(path));
}

}  // namespace guildfleet::ops
