#include "ops/check/secret_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "base/variables.hpp"
#include "ops/token_text.hpp"

namespace guildfleet::ops {
namespace {

constexpr std::array<std::string_view, 34> default_passwords = {
    "admin",    "administrator", "password",  "passwd",     "pass",       "postgres",    "root",
    "changeme", "change_me",     "change-me", "changeit",   "secret",     "example",     "test",
    "123456",   "12345678",      "123456789", "guest",      "default",    "discord",     "bot",
    "bots",     "user",          "letmein",   "qwerty",     "minioadmin", "grafana",     "redis",
    "mysql",    "toor",          "foobared",  "dbpassword", "mypassword", "yourpassword"};

// As they stand in Compose's names; TOKEN_ and KEY_ alone begin harmless ones.
constexpr std::array<std::string_view, 9> secret_parts = {"PASSWORD",   "PASSWD",    "SECRET",
                                                          "API_KEY",    "APIKEY",    "PRIVATE_KEY",
                                                          "ACCESS_KEY", "FLEET_KEY", "CREDENTIAL"};

constexpr std::array<std::string_view, 10> network_names = {
    "nfs", "efs", "smb", "cifs", "sshfs", "cephfs", "nas", "gluster", "glusterfs", "azurefile"};

// What a word behind TOKEN_ tells of it.
constexpr std::array<std::string_view, 10> not_a_bot = {"TTL",    "EXPIRY", "EXPIRES", "LIMIT",  "TIMEOUT",
                                                        "LENGTH", "PREFIX", "NAME",    "SECRET", "URL"};

bool is_name_part(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// In capitals, with _ for - and without _FILE.
std::string plain_name(std::string_view name) {
  std::string out = in_capitals(name);
  std::ranges::replace(out, '-', '_');
  if (out.ends_with("_FILE")) out.resize(out.size() - 5);
  return out;
}

std::string in_small_letters(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace

std::string in_capitals(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

bool names_bot_token(std::string_view name) {
  const std::string plain = plain_name(name);
  if (plain == "TOKEN") return true;
  // DISCORD_TOKEN_MUSIC too, but not BOT_TOKEN_TTL.
  const std::size_t inside = plain.find("TOKEN_");
  const bool qualified =
      inside != std::string::npos &&
      std::ranges::find(not_a_bot, std::string_view(plain).substr(inside + 6)) == not_a_bot.end();
  const bool of_bot = plain.contains("BOT") || plain.contains("DISCORD") || plain == "CLIENT_TOKEN";
  return of_bot && (plain.ends_with("TOKEN") || qualified);
}

bool names_secret(std::string_view name) {
  const std::string all = in_capitals(name);
  if (all.ends_with("_FILE") || all.ends_with("_PATH")) return false;
  if (names_bot_token(name) || all.ends_with("_TOKEN")) return true;
  return std::ranges::any_of(secret_parts, [&](std::string_view part) { return all.contains(part); });
}

std::string user_name_of(std::string_view password_name) {
  const std::size_t at = password_name.find("PASSWORD");
  return at == std::string_view::npos ? std::string() : std::string(password_name.substr(0, at)) + "USER";
}

bool looks_like_bot_token(std::string_view value) {
  return without_tokens(value) == "<token>";
}

std::string with_defaults(std::string_view value) {
  std::vector<std::string> bare;  // without a default
  auto expanded =
      base::expand_variables(value, [](std::string_view) { return std::optional<std::string>(); });
  const bool has_message = !expanded;  // ${X:?message}
  if (expanded) bare = std::move(expanded->unset);
  if (!has_message && bare.empty()) return std::move(expanded->text);
  expanded = base::expand_variables(value, [&](std::string_view name) {
    const bool stays = has_message || std::ranges::find(bare, name) != bare.end();
    return stays ? std::optional("$" + std::string(name)) : std::nullopt;
  });
  return expanded ? std::move(expanded->text) : std::string(value);
}

std::string_view variable_in(std::string_view value) {
  for (std::size_t dollar = value.find('$'); dollar != std::string_view::npos;
       dollar = value.find('$', dollar)) {
    std::string_view rest = value.substr(dollar + 1);
    if (rest.starts_with('$')) {
      dollar += 2;
      continue;
    }
    if (rest.starts_with('{')) rest.remove_prefix(1);
    const auto end = std::ranges::find_if_not(rest, is_name_part);
    if (end != rest.begin()) return rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    ++dollar;
  }
  return {};
}

bool refers_to_variable(std::string_view value) {
  return !variable_in(value).empty();
}

std::string text_of_its_own(std::string_view value) {
  auto expanded =
      base::expand_variables(value, [](std::string_view) { return std::optional<std::string>(); });
  // A form that Compose does not take is no variable either, and ${X:?message} needs one.
  if (!expanded) return refers_to_variable(value) ? std::string() : std::string(value);
  return expanded->unset.empty() ? std::move(expanded->text) : std::string();
}

bool refers_in_manifest(std::string_view value) {
  const auto is_name = [](std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_name_part);
  };
  if (value.starts_with('$') && is_name(value.substr(1)) && value == in_capitals(value)) return true;
  for (std::size_t at = value.find('$'); at < value.size(); at = value.find('$', at + 1)) {
    const std::string_view rest = value.substr(at + 1);
    if (rest.starts_with('$')) {
      ++at;
      continue;
    }
    if (!rest.starts_with('(') && !rest.starts_with('{')) continue;
    const std::size_t end = rest.find(rest.front() == '(' ? ')' : '}');
    if (end == std::string_view::npos) continue;
    const std::string_view inside = rest.substr(1, end - 1);
    if (is_name(inside.substr(0, inside.find(':')))) return true;
  }
  return false;
}

std::optional<url_parts> parts_of_url(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  url_parts out;
  out.scheme = in_small_letters(text.substr(0, colon));
  text.remove_prefix(colon + 3);
  const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
  std::string_view place = text.substr(0, end);
  out.rest = text.substr(end);
  if (const std::size_t at = place.rfind('@'); at != std::string_view::npos) {
    const std::string_view who = place.substr(0, at);
    const std::size_t split = std::min(who.find(':'), who.size());
    out.user = who.substr(0, split);
    out.password = who.substr(std::min(split + 1, who.size()));
    place.remove_prefix(at + 1);
  }
  if (place.starts_with('[')) {
    const std::size_t close = std::min(place.find(']'), place.size());
    out.host = place.substr(1, close - 1);
    place.remove_prefix(std::min(close + 1, place.size()));
  } else {
    const std::size_t split = std::min(place.find(':'), place.size());
    out.host = place.substr(0, split);
    place.remove_prefix(split);
  }
  if (place.starts_with(':')) out.port = place.substr(1);
  return out;
}

std::string own_secret_of(std::string_view value) {
  const std::string whole = text_of_its_own(value);
  if (const auto url = parts_of_url(whole)) return url->password;
  if (!whole.empty()) return whole;
  const auto url = parts_of_url(value);
  return url ? text_of_its_own(url->password) : std::string();
}

bool is_default_password(std::string_view password, std::string_view user) {
  if (password.empty()) return false;
  const std::string small = in_small_letters(password);
  if (!user.empty() && password == user) return true;
  if (small.starts_with("changeme") || small.starts_with("change-me") || small.starts_with("change_me"))
    return true;
  return std::ranges::find(default_passwords, small) != default_passwords.end();
}

bool is_near_host(std::string_view host) {
  if (host.contains(':'))
    return host == "::1" || host.starts_with("fe80:") || host.starts_with("fc") || host.starts_with("fd");
  return host.empty() || !host.contains('.') || host.starts_with("127.") || host.ends_with(".local") ||
         host.ends_with(".internal") || host.ends_with(".localhost");
}

bool turns_tls_off(std::string_view name, std::string_view value) {
  struct setting {
    std::string_view name;
    std::string_view value;
  };
  constexpr std::array<setting, 7> known = {{{"NODE_TLS_REJECT_UNAUTHORIZED", "0"},
                                             {"PYTHONHTTPSVERIFY", "0"},
                                             {"PGSSLMODE", "disable"},
                                             {"PGSSLMODE", "allow"},
                                             {"GIT_SSL_NO_VERIFY", "1"},
                                             {"GIT_SSL_NO_VERIFY", "true"},
                                             {"SSL_VERIFY", "false"}}};
  return std::ranges::any_of(known,
                             [&](const setting& each) { return each.name == name && each.value == value; });
}

bool names_network_folder(std::string_view path) {
  const std::string small = in_small_letters(path);
  std::string_view rest = small;
  bool is_ceph = false;
  bool is_block = false;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of("/-_.:"), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (word == "ceph") is_ceph = true;
    // Ceph's block devices are disks like any other.
    else if (word == "block" || word == "rbd")
      is_block = true;
    else if (std::ranges::find(network_names, word) != network_names.end())
      return true;
  }
  return (is_ceph && !is_block) || small.starts_with("//") || small.starts_with("\\\\");
}

}  // namespace guildfleet::ops
