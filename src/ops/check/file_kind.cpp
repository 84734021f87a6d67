#include "ops/check/file_kind.hpp"

#include <algorithm>
#include <array>

#include "base/yaml_document.hpp"

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

// Of JSON that other programs write, only what Compose reads by itself is worth a look.
bool is_compose_json(std::string_view name) {
  return name.ends_with(".json") && (name.starts_with("docker-compose") || name.starts_with("compose."));
}

std::string_view without_mark(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  return text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

// A line that begins with `key`, so that it is at the top of its document.
bool has_line(std::string_view text, std::string_view key) {
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    if (at == 0 || text[at - 1] == '\n') return true;
  }
  return false;
}

// Keys at the top, in the lines of a text that may be no YAML yet, and in JSON.
class top_keys final {
 public:
  explicit top_keys(std::string_view text) : text_(text) {
    if (text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size())).starts_with('{')) {
      base::problem_list ignored;
      if (auto documents = base::parse_foreign_yaml(text, "", ignored); documents && !documents->empty())
        json_ = std::move(documents->front());
    }
  }
  [[nodiscard]] bool has(std::string_view key) const {
    return json_.find(key) != nullptr || has_line(text_, std::string(key) + ":") ||
           has_line(text_, '"' + std::string(key) + "\":");
  }

 private:
  std::string_view text_;
  base::yaml_node json_;
};

std::optional<file_kind> kind_of_keys(std::string_view text) {
  const top_keys keys(text);
  if (keys.has("apiVersion") && keys.has("kind")) return file_kind::kubernetes;
  if (keys.has("services")) return file_kind::compose;
  if (keys.has("bots")) return file_kind::fleet;
  return std::nullopt;
}

std::optional<file_kind> kind_of_yaml(std::string_view name, std::string_view text) {
  if (const auto kind = kind_of_keys(text)) return kind;
  if (name.starts_with("fleet.")) return file_kind::fleet;
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

bool is_proxy(std::string_view text) {
  return has_block(text, "server") || has_block(text, "http") || has_line(text, "upstream ") ||
         text.contains("proxy_pass ");
}

// Nothing but NAME=VALUE and comments.
bool is_variables(std::string_view text) {
  constexpr std::string_view in_name = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  bool has_one = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("export ")) line.remove_prefix(7);
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || line.find_first_not_of(in_name) != equals || equals == 0)
      return false;
    has_one = true;
  }
  return has_one;
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
  text = without_mark(text);
  if (is_env(name)) return file_kind::env;
  if (is_yaml(name) || is_compose_json(name)) return kind_of_yaml(name, text);
  if (is_nginx(path) && is_proxy(text)) return file_kind::nginx;
  return std::nullopt;
}

std::optional<file_kind> kind_of_text(std::string_view text) {
  text = without_mark(text);
  if (const auto kind = kind_of_keys(text)) return kind;
  if (is_proxy(text)) return file_kind::nginx;
  if (is_variables(text)) return file_kind::env;
  return std::nullopt;
}

bool may_be_checked(std::string_view path) {
  const std::string_view name = last_part(path);
  return is_env(name) || is_yaml(name) || is_compose_json(name) || is_nginx(path);
}

bool is_secret_file(std::string_view path) {
  constexpr std::array<std::string_view, 5> endings = {".txt", ".token", ".secret", ".key", ".pem"};
  const std::string_view name = last_part(path);
  if (name.starts_with('.') || is_template(path)) return false;
  const std::size_t dot = name.rfind('.');
  const std::string_view ending = dot == std::string_view::npos ? std::string_view() : name.substr(dot);
  const bool is_plain = ending.empty() || std::ranges::find(endings, ending) != endings.end();
  if (!is_plain || name == "README" || name.starts_with("README.")) return false;
  const std::string_view folder = path.substr(0, path.size() - name.size());
  const bool in_secrets = folder == "secrets/" || folder.ends_with("/secrets/");
  return in_secrets || name.substr(0, dot).ends_with("_token") || ending == ".token";
}

bool is_template(std::string_view path) {
  constexpr std::array<std::string_view, 5> words = {"example", "sample", "template", "dist", "default"};
  const std::string_view name = last_part(path);
  return std::ranges::any_of(words, [&](std::string_view each) { return name.contains(each); });
}

}  // namespace guildfleet::ops
