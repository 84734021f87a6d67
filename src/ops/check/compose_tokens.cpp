#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "ops/check/compose_checks.hpp"
#include "ops/check/compose_words.hpp"
#include "ops/check/secret_words.hpp"

namespace guildfleet::ops {
namespace {

// Names by which programs look for their one token.
constexpr std::array<std::string_view, 6> usual_names = {
    "DISCORD_TOKEN", "BOT_TOKEN", "TOKEN", "DISCORD_BOT_TOKEN", "DISCORD_TOKEN_FILE", "CLIENT_TOKEN"};

token_use token_in_path(const compose_service& service, const std::string& path, base::text_position at) {
  const auto secret = std::ranges::find(service.secrets, path, &compose_secret::path);
  if (secret != service.secrets.end())
    return {"secret " + secret->name, fmt::format("the secret {}", secret->name), at};
  const compose_mount* mount = service.mount_of(path);
  if (mount == nullptr || mount->source.empty()) return {};
  return {fmt::format("file {}{}", mount->source, path.substr(std::min(mount->target.size(), path.size()))),
          fmt::format("the file {}", path), at};
}

token_use token_in(const compose_service& service, const compose_variable& variable) {
  const std::string value = variable.value.value_or("$" + variable.name);
  if (variable.name.ends_with("_FILE")) return token_in_path(service, with_defaults(value), variable.at);
  const std::string_view reference = variable.env_file.empty() ? variable_in(value) : std::string_view();
  if (!reference.empty())
    return {fmt::format("variable {}", reference), fmt::format("${{{}}}", reference), variable.at};
  if (value.empty()) return {};
  const std::string where = variable.env_file.empty() ? "written here" : "that of " + variable.env_file;
  return {"value " + value, where, variable.at};
}

token_use token_in_word(const compose_word& word) {
  if (!is_bot_token(word)) return {};
  const std::string_view reference = variable_in(word.value);
  if (!reference.empty())
    return {fmt::format("variable {}", reference), fmt::format("${{{}}}", reference), word.at};
  // A variable of the container is told of by its environment.
  const std::string value = own_text_of(word);
  if (value.empty()) return {};
  return {"value " + value, fmt::format("written in {}", word.place), word.at};
}

// Of the tokens in a file for all services, whether this service is likely to read each whatever its name.
bool reads_any_token(const compose_service& service) {
  std::size_t tokens = 0;
  for (const compose_variable& each : service.variables) tokens += names_bot_token(each.name) ? 1 : 0;
  return tokens == 1;
}

bool has_own_token(const compose_service& service) {
  return std::ranges::any_of(service.variables, [](const compose_variable& each) {
    return each.env_file.empty() && names_bot_token(each.name);
  });
}

// Nodes that share a bot's shards by leases may have one token: what they keep the leases in; empty: none do.
std::string lease_place_of(const compose_service& service) {
  if (!service.is_guildfleet()) return {};
  if (names_database(service) && service.value_of("LEASES") != "local") return "database";
  const auto file = sqlite_of(service);
  return file ? file->identity() : std::string();
}

struct owned_token {
  const compose_service* service = nullptr;
  token_use use;
};

void check_shared(const std::vector<owned_token>& all, compose_findings& out) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& [service, use] = all[i];
    for (std::size_t k = 0; k < i; ++k) {
      const auto& [earlier, its_use] = all[k];
      if (earlier == service || its_use.identity != use.identity) continue;
      const std::string place = lease_place_of(*service);
      if (!place.empty() && place == lease_place_of(*earlier)) continue;
      out.add(compose_rule::shared_token, use.at,
              fmt::format("{} has the token of {} (line {}): {}", service->name, earlier->name,
                          its_use.at.line, use.shown));
      break;
    }
  }
}

std::uint32_t number_in(const compose_service& service, std::string_view key) {
  const std::string text = service.text(key);
  std::uint32_t value = 1;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && end == text.data() + text.size() ? value : 1;
}

bool has_shared_leases(const compose_service& service) {
  return lease_place_of(service) == "database";
}

void check_replicas(const compose_service& service, compose_findings& out) {
  if (has_shared_leases(service)) return;
  for (const std::string_view key : {"scale", "deploy.replicas"}) {
    const std::uint32_t count = number_in(service, key);
    if (count > 1)
      out.add(compose_rule::replicated_token, service.place_of(key),
              fmt::format("{} would run {} times with one token", service.name, count));
  }
  if (service.text("deploy.update_config.order") == "start-first")
    out.add(compose_rule::overlapping_update, service.place_of("deploy.update_config.order"),
            fmt::format("{} starts anew before the old one has ended", service.name));
}

}  // namespace

std::vector<token_use> tokens_of(const compose_service& service) {
  std::vector<token_use> out;
  const auto add = [&](token_use use) {
    if (use.identity.empty() || std::ranges::find(out, use.identity, &token_use::identity) != out.end())
      return;
    out.push_back(std::move(use));
  };
  const bool has_own = has_own_token(service);
  const bool reads_any = reads_any_token(service);
  for (const compose_variable& each : service.variables) {
    const bool is_usual = std::ranges::find(usual_names, each.name) != usual_names.end();
    const bool is_likely = each.env_file.empty() || (!has_own && (reads_any || is_usual));
    const bool is_token = names_bot_token(each.name) || (each.value && looks_like_bot_token(*each.value));
    if (!is_token || !is_likely) continue;
    token_use use = token_in(service, each);
    use.variable = &each;
    add(std::move(use));
  }
  for (const compose_word& each : words_of(service)) add(token_in_word(each));
  for (const compose_secret& each : service.secrets) {
    if (names_bot_token(each.name))
      add({"secret " + each.name, fmt::format("the secret {}", each.name), each.at});
  }
  return out;
}

bool names_database(const compose_service& service) {
  const auto given = [&](std::string_view name) {
    const compose_variable* found = service.variable(name);
    return found != nullptr && found->value != "";
  };
  const bool secret = std::ranges::any_of(
      service.secrets, [](const compose_secret& each) { return each.name.contains("database_url"); });
  return given("DATABASE_URL") || given("DATABASE_URL_FILE") || secret;
}

bool runs_once(const compose_service& service) {
  return service.find("restart") != nullptr && service.text("restart") == "no";
}

void check_tokens(const compose_file& file, compose_findings& out) {
  std::vector<owned_token> all;
  for (const compose_service& service : file.services) {
    const auto tokens = tokens_of(service);
    if (!tokens.empty()) check_replicas(service, out);
    if (runs_once(service)) continue;
    for (const token_use& each : tokens) all.push_back({&service, each});
  }
  check_shared(all, out);
  std::map<std::string, const compose_service*> named;
  for (const compose_service& service : file.services) {
    const std::string name = service.value_of("BOT_NAME");
    const auto tokens = tokens_of(service);
    if (name.empty() || name.contains('$') || tokens.empty()) continue;
    const auto [at, is_new] = named.emplace(name, &service);
    if (is_new || tokens_of(*at->second).front().identity == tokens.front().identity) continue;
    out.add(compose_rule::same_name, service.variable("BOT_NAME")->at,
            fmt::format("{} and {} are both called {}", service.name, at->second->name, name));
  }
}

}  // namespace guildfleet::ops
