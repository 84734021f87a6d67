#include "ops/check/file_kind.hpp"

#include <algorithm>
#include <array>

namespace guildfleet::ops {
namespace {

std::string_view last_part(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_yaml(std::string_view name) {
  return name.ends_with(".yaml") || name.ends_with(".yml");
}

bool is_env(std::string_view name) {
  return name == ".env" || name.starts_with(".env.") || name.ends_with(".env");
}

// Debian's folders hold files without an ending.
bool is_nginx(std::string_view path) {
  return path.ends_with(".conf") || last_part(path).contains("nginx") || path.contains("sites-available/") ||
         path.contains("sites-enabled/");
}

// A line that begins with `key`, so that it is at the top of its document.
bool has_top_key(std::string_view text, std::string_view key) {
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    if (at == 0 || text[at - 1] == '\n') return true;
  }
  return false;
}

std::optional<file_kind> kind_of_yaml(std::string_view name, std::string_view text) {
  if (has_top_key(text, "apiVersion:") && has_top_key(text, "kind:")) return file_kind::kubernetes;
  if (has_top_key(text, "services:")) return file_kind::compose;
  if (has_top_key(text, "bots:") || name.starts_with("fleet.")) return file_kind::fleet;
  if (name.starts_with("kustomization.")) return file_kind::kubernetes;
  if (name.starts_with("docker-compose") || name.starts_with("compose.")) return file_kind::compose;
  return std::nullopt;
}

// "server {" with any blanks between.
bool has_block(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::string_view rest = text.substr(at + word.size());
    const std::size_t next = rest.find_first_not_of(" \t\r\n");
    if (next != std::string_view::npos && rest[next] == '{') return true;
  }
  return false;
}

}  // namespace

std::string_view name_of(file_kind value) {
  switch (value) {
    case file_kind::fleet:
      return "fleet";
    case file_kind::compose:
      return "compose";
    case file_kind::kubernetes:
      return "kubernetes";
    case file_kind::nginx:
      return "nginx";
    case file_kind::env:
      return "env";
  }
  return "fleet";
}

std::optional<file_kind> kind_of_file(std::string_view path, std::string_view text) {
  const std::string_view name = last_part(path);
  if (is_env(name)) return file_kind::env;
  if (is_yaml(name)) return kind_of_yaml(name, text);
  const bool is_proxy = has_block(text, "server") || has_block(text, "http") ||
                        has_top_key(text, "upstream ") || text.contains("proxy_pass ");
  if (is_nginx(path) && is_proxy) return file_kind::nginx;
  return std::nullopt;
}

bool may_be_checked(std::string_view path) {
  const std::string_view name = last_part(path);
  return is_env(name) || is_yaml(name) || is_nginx(path);
}

bool is_template(std::string_view path) {
  constexpr std::array<std::string_view, 5> words = {"example", "sample", "template", "dist", "default"};
  const std::string_view name = last_part(path);
  return std::ranges::any_of(words, [&](std::string_view each) { return name.contains(each); });
}

}  // namespace guildfleet::ops
