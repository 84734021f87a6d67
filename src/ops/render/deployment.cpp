#include "ops/render/deployment.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "ops/error.hpp"

namespace guildfleet::ops {
namespace {

using origin = needed_secret::origin;

base::result<void> check_pattern(const fleet_config& config) {
  const bool independent = config.deploy.pattern == deploy_pattern::independent;
  if (independent && config.store.names_database)
    return base::fail(ops_error::not_renderable,
                      "deploy.pattern is independent, and store.database_url is given",
                      "Take database_url away, or write pattern: shared");
  if (config.deploy.pattern == deploy_pattern::shared && config.store.leases == lease_place::local &&
      config.deploy.nodes > 1)
    return {};
  if (config.deploy.pattern == deploy_pattern::services && config.store.leases == lease_place::local)
    return base::fail(ops_error::not_renderable, "deploy.pattern is services, and store.leases is local",
                      "Several nodes of one bot need their leases in the database: write leases: shared");
  return {};
}

// Names of services begin with a letter.
std::string service_name(const bot_section& bot) {
  const std::string label = dns_label(bot.name);
  return label.front() >= '0' && label.front() <= '9' ? "bot-" + label : label;
}

// Two bots that a DNS label cannot tell apart, or a bot and what else has a name there.
base::result<void> check_names(const fleet_config& config) {
  const std::string fix = "Give one of them another name";
  std::vector<std::string> names = {"nginx", "postgres", "redis", "weights"};
  const std::size_t servers = names.size();
  for (const bot_section& bot : config.bots) {
    const std::string label = service_name(bot);
    const auto twin = std::ranges::find(names, label);
    if (twin < names.begin() + static_cast<std::ptrdiff_t>(servers))
      return base::fail(ops_error::not_renderable,
                        fmt::format("bot {} has the name of a server that runs beside it", bot.name),
                        "Give the bot another name");
    if (twin != names.end())
      return base::fail(ops_error::not_renderable,
                        fmt::format("two bots are called {} as services, where _ becomes -", label), fix);
    names.push_back(label);
  }
  for (const std::string& each : names) {
    if (std::ranges::find(names, each + "-canary") != names.end())
      return base::fail(ops_error::not_renderable,
                        fmt::format("{0}-canary is a bot, and what a canary of {0} is called", each), fix);
  }
  return {};
}

std::string token_secret(const bot_section& bot) {
  return fmt::format("{}_token", bot.name);
}

// Nothing stands before a database of ours.
bool listens_elsewhere(const fleet_config& config, const deployment& all) {
  return all.uses_database && !all.has_postgres && config.store.listen && config.store.names_listen;
}

std::vector<needed_secret> server_secrets(const fleet_config& config, const deployment& all) {
  std::vector<needed_secret> out;
  if (all.has_postgres)
    out.push_back({"postgres_password", origin::made_up, "the password of the database", any_uid});
  if (all.uses_database)
    out.push_back(
        {"database_url", all.has_postgres ? origin::derived : origin::person, "the address of the database"});
  if (listens_elsewhere(config, all))
    out.push_back({"listen_url", origin::person,
                   "the address of the database itself, where changes are told: not the pooler's"});
  if (all.has_redis) out.push_back({"redis_password", origin::made_up, "the password of Redis", redis_uid});
  if (config.deploy.pattern == deploy_pattern::services) {
    out.push_back({"redis_url", all.has_redis ? origin::derived : origin::person, "the address of Redis"});
    out.push_back({"fleet_key", origin::made_up, "what nodes know one another by"});
  }
  return out;
}

service service_of(const fleet_config& config, const deployment& all, std::size_t bot) {
  service out;
  out.name = service_name(config.bots[bot]);
  out.bots = {bot};
  out.nodes = config.deploy.pattern == deploy_pattern::services ? config.deploy.nodes : 1;
  out.secrets.push_back({token_secret(config.bots[bot]), origin::person,
                         fmt::format("the token of bot {}", config.bots[bot].name)});
  for (const needed_secret& each : all.secrets) {
    const bool of_a_server = each.name.ends_with("_password");
    const bool of_a_bot = each.name.ends_with("_token");
    if (!of_a_server && !of_a_bot) out.secrets.push_back(each);
  }
  return out;
}

}  // namespace

std::string dns_label(std::string_view name) {
  std::string out(name);
  std::ranges::replace(out, '_', '-');
  while (out.ends_with('-')) out.pop_back();
  return out;
}

std::vector<std::string> node_names(const service& of, node_twin which) {
  const char* suffix = which == node_twin::green ? "-green" : "";
  std::vector<std::string> out;
  for (std::uint32_t node = 1; node <= of.nodes; ++node)
    out.push_back(fmt::format("{}-{}{}", of.name, node, suffix));
  return out;
}

base::result<deployment> deployment_of(const fleet_config& config) {
  if (const auto fits = check_pattern(config); !fits) return std::unexpected(fits.error());
  if (const auto fits = check_names(config); !fits) return std::unexpected(fits.error());
  deployment out;
  out.pattern = config.deploy.pattern;
  out.uses_database = out.pattern != deploy_pattern::independent;
  out.has_postgres = out.uses_database && config.deploy.database == server_place::inside;
  out.has_redis = out.pattern == deploy_pattern::services && config.deploy.redis == server_place::inside;
  out.secrets = server_secrets(config, out);
  for (std::size_t i = 0; i < config.bots.size(); ++i) {
    out.services.push_back(service_of(config, out, i));
    out.secrets.push_back(out.services.back().secrets.front());
  }
  for (service& each : out.services) each.config = node_config(config, out, each);
  return out;
}

}  // namespace guildfleet::ops
