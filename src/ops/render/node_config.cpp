// The fleet.yaml of a service.
#include <fmt/format.h>

#include "ops/config_sections.hpp"
#include "ops/render/deployment.hpp"
#include "ops/render/yaml_text.hpp"

namespace guildfleet::ops {
namespace {

std::string in_secrets(const node_layout& layout, std::string_view name) {
  return fmt::format("{}/{}", layout.secrets, name);
}

// The configuration expands variables in every text; what a person wrote has been expanded before.
std::string as_written(std::string_view text) {
  std::string out;
  for (const char c : text) out.append(c == '$' ? 2 : 1, c);
  return out;
}

std::string level_name(base::log_level level) {
  return std::string(
      std::ranges::find(log_level_names(), level, &std::pair<std::string_view, base::log_level>::second)
          ->first);
}

void write_node(yaml_text& out, const fleet_config& config, const deployment& all,
                const node_layout& layout) {
  out.key("node").begin_map();
  const bool of_program = layout.on_host && !config.node.names_release;
  out.entry("release", fmt::format("${{RELEASE:-{}}}", of_program ? "" : config.node.release));
  if (all.pattern == deploy_pattern::services) {
    out.entry("advertise", "${ADVERTISE:-}");
    out.entry("fleet_key_file", in_secrets(layout, "fleet_key"));
  }
  if (config.node.weight != node_section{}.weight) out.entry("weight", std::int64_t{config.node.weight});
  if (config.node.moves_per_minute != node_section{}.moves_per_minute)
    out.entry("moves_per_minute", std::int64_t{config.node.moves_per_minute});
  out.end_map();
}

void write_log(yaml_text& out, const log_section& log, const node_layout& layout) {
  const bool for_people = layout.on_host && log.format == base::log_format::text;
  out.key("log").begin_map().entry("level", level_name(log.level));
  out.entry("format", for_people ? "text" : "json").end_map();
}

void write_discord(yaml_text& out, const discord_section& discord, const node_layout& layout) {
  const discord_section usual;
  out.key("discord").begin_map();
  out.entry("api_url", "${DISCORD_API_URL:-" + discord.api_url + "}");
  if (discord.silent_after != usual.silent_after)
    out.entry("silent_after", std::int64_t{discord.silent_after});
  if (!discord.ca_file.empty())
    out.entry("ca_file", layout.on_host ? as_written(discord.ca_file) : std::string(ca_path));
  out.end_map();
}

void write_store(yaml_text& out, const fleet_config& config, const deployment& all,
                 const node_layout& layout) {
  out.key("store").begin_map();
  out.entry("sqlite", fmt::format("{}/{{bot}}.sqlite", layout.storage));
  if (all.uses_database) {
    out.entry("database_url_file", in_secrets(layout, "database_url"));
    if (config.store.connections != store_section{}.connections)
      out.entry("connections", std::int64_t{config.store.connections});
    if (config.store.leases == lease_place::local) out.entry("leases", "local");
    if (std::ranges::find(all.secrets, "listen_url", &needed_secret::name) != all.secrets.end())
      out.entry("listen_url_file", in_secrets(layout, "listen_url"));
    if (!config.store.listen) out.entry("listen_url", "off");
  }
  out.end_map();
  if (all.pattern != deploy_pattern::services) return;
  out.key("redis").begin_map().entry("url_file", in_secrets(layout, "redis_url"));
  if (config.redis.prefix != "guildfleet:" + config.fleet)
    out.entry("prefix", as_written(config.redis.prefix));
  out.end_map();
}

// In a container only its own kind reaches the API, and what asks for others: nginx, an ingress controller.
void write_api(yaml_text& out, const api_section& api, const node_layout& layout) {
  out.key("api").begin_map().entry("port", int{layout.api}).entry("address", layout.api_address);
  std::vector<std::string> trusted = api.trusted_proxies;
  if (trusted.empty() && !layout.on_host)
    trusted = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"};
  if (!trusted.empty()) out.list("trusted_proxies", trusted);
  out.end_map();
}

void write_ids(yaml_text& out, std::string_view key, const std::vector<discord::guild_id>& ids) {
  std::vector<std::string> texts;
  for (const discord::guild_id each : ids) texts.push_back(fmt::format("{}", each));
  out.list(key, texts);
}

void write_bot(yaml_text& out, const bot_section& bot, const node_layout& layout) {
  const bot_section usual;
  out.begin_map().entry("name", bot.name).entry("token_file", in_secrets(layout, bot.name + "_token"));
  if (bot.app_id) out.entry("app_id", fmt::format("{}", *bot.app_id));
  out.list("features", bot.features);
  if (bot.shards) out.entry("shards", std::int64_t{*bot.shards});
  if (bot.guild_id) out.entry("guild_id", fmt::format("{}", *bot.guild_id));
  if (!bot.guilds.empty()) write_ids(out, "guilds", bot.guilds);
  if (bot.priority != usual.priority) out.entry("priority", std::int64_t{bot.priority});
  if (!bot.ring.empty()) out.entry("ring", bot.ring);
  if (bot.identify_floor != usual.identify_floor)
    out.entry("identify_floor", fmt::format("{:g}%", bot.identify_floor * 100));
  if (bot.compression != usual.compression) out.entry("compression", std::string(name_of(bot.compression)));
  if (bot.presence.status != usual.presence.status || !bot.presence.text.empty()) {
    out.key("presence").begin_map().entry("status", std::string(name_of(bot.presence.status)));
    if (!bot.presence.text.empty()) out.entry("text", as_written(bot.presence.text));
    out.end_map();
  }
  out.end_map();
}

void write_experiment(yaml_text& out, const experiment_section& each) {
  out.begin_map().entry("name", each.name).entry("feature", each.feature).entry("variant", each.variant);
  if (each.share_per_million)
    out.entry("share", fmt::format("{:g}%", *each.share_per_million / 10'000.0));
  else
    write_ids(out, "guilds", each.guilds);
  if (!each.bots.empty()) out.list("bots", each.bots);
  if (each.until) {
    const std::chrono::year_month_day day(*each.until);
    out.entry("until",
              fmt::format("{:04}-{:02}-{:02}", int{day.year()}, unsigned{day.month()}, unsigned{day.day()}));
  }
  out.end_map();
}

void write_experiments(yaml_text& out, const fleet_config& config, const service& of) {
  std::vector<const experiment_section*> experiments;
  for (const experiment_section& each : config.experiments) {
    const bool here =
        std::ranges::any_of(of.bots, [&](std::size_t bot) { return each.is_for(config.bots[bot]); });
    if (here) experiments.push_back(&each);
  }
  if (experiments.empty()) return;
  out.key("experiments").begin_list();
  for (const experiment_section* each : experiments) write_experiment(out, *each);
  out.end_list();
}

}  // namespace

std::string node_config(const fleet_config& config, const deployment& all, const service& of,
                        const node_layout& layout) {
  yaml_text out;
  out.begin_map().entry("fleet", config.fleet).entry("port", int{layout.health});
  if (layout.address != fleet_config{}.address) out.entry("address", layout.address);
  if (!config.egress.empty()) out.entry("egress", as_written(config.egress));
  if (!layout.egress.empty()) out.entry("egress_folder", layout.egress);
  write_node(out, config, all, layout);
  write_log(out, config.log, layout);
  write_discord(out, config.discord, layout);
  write_store(out, config, all, layout);
  if (config.api.port) write_api(out, config.api, layout);
  if (config.environment != fleet_config{}.environment) out.entry("environment", config.environment);
  if (config.runtime.threads != 0)
    out.key("runtime").begin_map().entry("threads", std::int64_t{config.runtime.threads}).end_map();
  out.key("bots").begin_list();
  for (const std::size_t bot : of.bots) write_bot(out, config.bots[bot], layout);
  out.end_list();
  write_experiments(out, config, of);
  return out.end_map().take();
}

rendered_file ca_file(const fleet_config& config, const std::string& command) {
  return {"config/ca.pem", header_of(command) + config.discord.ca_text};
}

std::string weights_config(const fleet_config& config, const deployment& all) {
  yaml_text out;
  out.begin_map().entry("fleet", config.fleet);
  out.key("store").begin_map().entry("database_url_file", in_secrets({}, "database_url")).end_map();
  if (config.api.port) out.key("api").begin_map().entry("port", int{api_port}).end_map();
  out.key("deploy").begin_map().entry("pattern", std::string(name_of(all.pattern)));
  out.entry("nodes", std::int64_t{config.deploy.nodes}).end_map();
  out.key("bots").begin_list();
  for (const bot_section& bot : config.bots) {
    out.begin_map().entry("name", bot.name);
    out.entry("token_file", in_secrets({}, bot.name + "_token")).end_map();
  }
  return out.end_list().end_map().take();
}

}  // namespace guildfleet::ops
