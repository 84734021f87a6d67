// From the configuration to what the bots are given; nothing else in the program knows both.
#include <algorithm>
#include <thread>

#include "base/json_text.hpp"
#include "cli/node.hpp"
#include "features/registry.hpp"
#include "net/tls_context.hpp"

namespace guildfleet::cli {
namespace {

discord::compression transport_of(ops::wire_compression chosen) {
  switch (chosen) {
    case ops::wire_compression::zstd_stream:
      return discord::compression::zstd_stream;
    case ops::wire_compression::zlib_stream:
      return discord::compression::zlib_stream;
    case ops::wire_compression::none:
      return discord::compression::none;
  }
  return discord::compression::none;
}

// The presence of Identify (protocol sheet 1.6, 1.16): a custom status is an activity of type 4.
std::string presence_json_of(const ops::presence_section& presence) {
  if (presence.text.empty() && presence.status == ops::presence_status::online) return {};
  base::json_writer json;
  json.begin_object().key("since").null().key("activities").begin_array();
  if (!presence.text.empty()) {
    json.begin_object().key("name").string("Custom Status").key("type").number(4);
    json.key("state").string(presence.text).end_object();
  }
  json.end_array().key("status").string(ops::name_of(presence.status)).key("afk").boolean(false).end_object();
  return json.take();
}

std::vector<fleet::experiment> experiments_of(const ops::bot_section& section,
                                              const ops::fleet_config& config) {
  std::vector<fleet::experiment> out;
  for (const ops::experiment_section& each : config.experiments) {
    if (!each.is_for(section)) continue;
    out.push_back({.name = each.name,
                   .feature = each.feature,
                   .variant = each.variant,
                   .share_per_million = each.share_per_million,
                   .guilds = {each.guilds.begin(), each.guilds.end()},
                   .ends = each.ends()});
  }
  return out;
}

bot::bot_plan plan_of(const ops::bot_section& section, const ops::fleet_config& config, const net::url& api,
                      const net::tls_context& tls) {
  bot::bot_settings settings;
  settings.name = store::bot_name{section.name};
  settings.token = section.token;
  settings.application = section.app_id;
  for (const std::string& name : section.features) settings.features.push_back(features::find_feature(name));
  settings.experiments = experiments_of(section, config);
  settings.shards = section.shards;
  settings.command_guild = section.guild_id;
  settings.only_guilds = {section.guilds.begin(), section.guilds.end()};
  settings.priority = section.priority;
  settings.identifies.floor_share = section.identify_floor;
  if (section.shard_range) {
    const auto [first, last] = *section.shard_range;
    settings.range = bot::shard_range{first, last - first + 1};
  }
  settings.transport = transport_of(section.compression);
  settings.silent_after = std::chrono::seconds(config.discord.silent_after);
  settings.presence_json = presence_json_of(section.presence);
  settings.api = api;
  settings.tls = tls;
  settings.node = config.node.name;
  settings.release = config.node.release;
  return {std::move(settings), section.sqlite_path};
}

base::result<bot::cache_settings> cache_of(const ops::fleet_config& config) {
  auto url = store::parse_redis_url(config.redis.url.reveal());
  if (!url) return std::unexpected(std::move(url).error());
  bot::cache_settings cache;
  cache.redis.url = std::move(*url);
  cache.prefix = config.redis.prefix;
  if (cache.redis.url.tls) {
    auto tls = net::make_client_tls(config.discord.ca_file);
    if (!tls) return std::unexpected(std::move(tls).error());
    cache.redis.tls = std::move(*tls);
  }
  return cache;
}

unsigned threads_of(const ops::runtime_section& runtime) {
  if (runtime.threads != 0) return runtime.threads;
  return std::clamp(std::thread::hardware_concurrency(), 1U, 4U);
}

}  // namespace

std::optional<peer::peer_settings> peers_of(const ops::node_section& node) {
  if (node.advertise.empty()) return std::nullopt;
  const std::size_t colon = node.advertise.rfind(':');
  peer::peer_settings peers;
  peers.host = node.advertise.substr(0, colon);
  peers.port = static_cast<std::uint16_t>(std::stoul(node.advertise.substr(colon + 1)));
  peers.fleet_key = node.fleet_key;
  return peers;
}

base::result<bot::fleet_settings> fleet_settings_of(const ops::fleet_config& config) {
  const auto api = net::parse_url(config.discord.api_url);
  if (!api) {
    return base::fail(net::net_error::bad_url, config.discord.api_url,
                      "Set discord.api_url (or DISCORD_API_URL) to something like https://discord.com/api.");
  }
  // The system's certificates take megabytes: only for who speaks TLS.
  net::tls_context tls;
  if (api->secure() || !config.discord.ca_file.empty()) {
    auto made = net::make_client_tls(config.discord.ca_file);
    if (!made) return std::unexpected(std::move(made).error());
    tls = std::move(*made);
  }
  bot::fleet_settings settings;
  settings.fleet = config.fleet;
  settings.node = config.node.name;
  settings.release = config.node.release;
  settings.weight = config.node.weight;
  settings.peers = peers_of(config.node);
  settings.moves_per_minute = config.node.moves_per_minute;
  settings.threads = threads_of(config.runtime);
  settings.egress = config.egress;
  settings.egress_folder = config.egress_folder;
  settings.environment = store::environment_name{config.environment};
  settings.database.url = config.store.database_url;
  settings.database.local_leases = config.store.leases == ops::lease_place::local;
  settings.database.connections = config.store.connections;
  settings.database.listen = config.store.listen;
  settings.database.listen_url = config.store.listen_url;
  if (!config.redis.url.empty()) {
    auto cache = cache_of(config);
    if (!cache) return std::unexpected(std::move(cache).error());
    settings.cache = std::move(*cache);
  }
  for (const ops::bot_section& section : config.bots)
    settings.bots.push_back(plan_of(section, config, *api, tls));
  return settings;
}

}  // namespace guildfleet::cli
