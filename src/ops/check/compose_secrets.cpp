#include <fmt/format.h>

#include "ops/check/compose_checks.hpp"
#include "ops/check/compose_words.hpp"
#include "ops/check/secret_words.hpp"

namespace guildfleet::ops {
namespace {

bool lets_everybody_in(std::string_view name, std::string_view value) {
  if (name == "POSTGRES_HOST_AUTH_METHOD") return value == "trust";
  const bool allows_empty = name.contains("ALLOW_EMPTY") || name == "GF_AUTH_ANONYMOUS_ENABLED";
  return allows_empty && (value == "yes" || value == "1" || value == "true" || value == "on");
}

// Of "redis-server --requirepass x"; empty: none.
std::string password_of_command(const compose_service& service) {
  const auto* command = service.find("command");
  if (command == nullptr) return {};
  std::string all = with_defaults(command->written);
  for (const auto& item : command->items) all += " " + with_defaults(item.written);
  constexpr std::string_view option = "--requirepass ";
  const std::size_t at = all.find(option);
  if (at == std::string::npos) return {};
  const std::string rest = all.substr(at + option.size());
  return rest.substr(0, rest.find_first_of(" \"'"));
}

void check_url(const compose_service& service, const compose_variable& variable, const url_parts& url,
               compose_findings& out) {
  const std::string password = with_defaults(url.password);
  if (password.empty()) return;
  if (is_default_password(password, with_defaults(url.user)))
    out.add(compose_rule::default_password, variable.at,
            fmt::format("{}: the address in {} has one", service.name, variable.name));
  else if (!text_of_its_own(url.password).empty())
    out.add(compose_rule::secret_in_file, variable.at,
            fmt::format("{}: the address in {} holds a password", service.name, variable.name));
}

void check_variable(const compose_service& service, const compose_variable& variable, compose_findings& out) {
  // What is in a file of its own is judged there.
  if (!variable.env_file.empty()) return;
  const std::string written = variable.value.value_or("$" + variable.name);
  const std::string value = with_defaults(written);
  if (turns_tls_off(variable.name, value))
    out.add(compose_rule::tls_off, variable.at, fmt::format("{}: {}={}", service.name, variable.name, value));
  if (lets_everybody_in(variable.name, value))
    out.add(compose_rule::default_password, variable.at,
            fmt::format("{}: {}={} asks nobody for a password", service.name, variable.name, value));
  if (const auto url = parts_of_url(variable.value.value_or(""))) check_url(service, variable, *url, out);
  const bool looks_secret = looks_like_bot_token(value) || names_secret(variable.name);
  if (!looks_secret || value.empty()) return;
  const bool is_password = !names_bot_token(variable.name);
  if (is_password && is_default_password(value, service.value_of(user_name_of(variable.name))))
    out.add(compose_rule::default_password, variable.at, fmt::format("{}: {}", service.name, variable.name));
  else if (text_of_its_own(written).empty())
    out.add(compose_rule::secret_in_environment, variable.at,
            fmt::format("{}: {}", service.name, variable.name));
  else
    out.add(compose_rule::secret_in_file, variable.at, fmt::format("{}: {}", service.name, variable.name));
}

void check_words(const compose_service& service, compose_findings& out) {
  for (const compose_word& each : words_of(service)) {
    const std::string value = own_text_of(each);
    if (!is_secret(each) || value.empty()) continue;
    const bool is_default = !is_bot_token(each) && is_default_password(value);
    const std::string what = each.name.empty() ? "a token" : each.name;
    out.add(is_default ? compose_rule::default_password : compose_rule::secret_in_file, each.at,
            fmt::format("{}: {} in {}", service.name, what, each.place));
  }
}

void check_grafana(const compose_service& service, compose_findings& out) {
  if (!service.image_name().starts_with("grafana") || !service.image.contains("grafana/grafana")) return;
  for (const compose_variable& each : service.variables) {
    if (each.name.starts_with("GF_SECURITY_ADMIN_PASSWORD")) return;
  }
  if (service.find("env_file") != nullptr) return;
  out.add(compose_rule::default_password, service.at,
          fmt::format("{}: without GF_SECURITY_ADMIN_PASSWORD it is admin", service.name));
}

}  // namespace

void check_secrets(const compose_file& file, compose_findings& out) {
  for (const compose_service& service : file.services) {
    for (const compose_variable& each : service.variables) check_variable(service, each, out);
    check_words(service, out);
    check_grafana(service, out);
    const std::string password = password_of_command(service);
    // $$X is a variable of the shell in the container.
    if (password.empty() || password.contains('$')) continue;
    out.add(is_default_password(password) ? compose_rule::default_password : compose_rule::secret_in_file,
            service.place_of("command"), fmt::format("{}: --requirepass in its command", service.name));
  }
}

}  // namespace guildfleet::ops
