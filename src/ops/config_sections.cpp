#include "ops/config_sections.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <fstream>
#include <span>

#include "ops/secret_setting.hpp"

namespace guildfleet::ops {
namespace {

// Printable, without spaces: it goes into log fields, metric labels and User-Agent headers.
bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= 128 &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

void read_label(section_reader& reader, std::string_view key, std::string& out) {
  reader.read(key, out);
  if (!is_label(out))
    reader.error(key,
                 fmt::format("{} must be 1 to 128 printable characters without spaces", reader.label(key)));
}

constexpr std::size_t shortest_fleet_key = 16;

void read_peers(section_reader& reader, const base::variable_lookup& variables, node_section& node) {
  reader.read("advertise", node.advertise);
  const secret_setting key = read_secret_setting(reader, "fleet_key", variables);
  node.fleet_key = key.value;
  const std::size_t colon = node.advertise.rfind(':');
  const auto port = colon == std::string::npos
                        ? std::nullopt
                        : section_reader::parse_number(std::string_view(node.advertise).substr(colon + 1));
  if (!node.advertise.empty() && (colon == 0 || !port || *port > 65'535))
    reader.report_bad_value("advertise", "host:port, as the other nodes reach this one");
  if (!node.advertise.empty() && key.value.empty() && reader.context().runs_here && !key.key.empty())
    reader.error("advertise",
                 fmt::format("{} needs {}", reader.label("advertise"), reader.label("fleet_key")),
                 "set it to the same on all nodes, such as from: openssl rand -hex 32");
  if (!key.value.empty() && key.value.reveal().size() < shortest_fleet_key)
    reader.error(key.key,
                 fmt::format("{} is shorter than {} characters", reader.label(key.key), shortest_fleet_key),
                 "make one: openssl rand -hex 32");
}

void read_node(section_reader& reader, const config_surroundings& surroundings, node_section& node) {
  const auto fallback = [&](std::string_view variable, const std::string& last) {
    auto value = surroundings.variables(variable);
    return value && !value->empty() ? std::move(*value) : last;
  };
  node.name = fallback("NODE_NAME", surroundings.host_name);
  node.release = fallback("RELEASE", surroundings.build_version);
  read_label(reader, "name", node.name);
  read_label(reader, "release", node.release);
  node.names_release = reader.given("release");
  read_peers(reader, surroundings.variables, node);
  reader.read_number<std::uint32_t>("weight", node.weight, 0, 1'000);
  reader.read_number<std::uint32_t>("moves_per_minute", node.moves_per_minute, 0, 100'000);
  reader.finish();
}

void read_log(section_reader& reader, log_section& log) {
  reader.read_choice("level", log.level, log_level_names());
  reader.read_choice("format", log.format,
                     {{"text", base::log_format::text}, {"json", base::log_format::json}});
  reader.finish();
}

std::string_view host_of(std::string_view url) {
  const std::size_t start = url.find("://");
  if (start == std::string_view::npos) return {};
  url.remove_prefix(start + 3);
  url = url.substr(0, url.find('/'));
  if (url.starts_with('[')) return url.substr(0, url.find(']') + 1);
  return url.substr(0, url.find(':'));
}

void read_api_url(section_reader& reader, std::string& url) {
  reader.read("api_url", url);
  while (url.ends_with('/')) url.pop_back();
  const bool plain = url.starts_with("http://");
  if ((!plain && !url.starts_with("https://")) || host_of(url).empty() ||
      url.find_first_of(" ?#@\"") != std::string::npos) {
    reader.report_bad_value("api_url", "an address such as https://discord.com/api");
    return;
  }
  const std::string_view host = host_of(url);
  if (plain && host != "localhost" && host != "[::1]" && !host.starts_with("127.")) {
    reader.warn("api_url", "tokens would travel to another machine without encryption", "use https://");
  }
}

// Only these: a private key that lies in the same file is not for anybody.
std::string certificates_in(const std::string& text) {
  constexpr std::string_view first = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view last = "-----END CERTIFICATE-----";
  std::string out;
  for (std::size_t at = text.find(first); at != std::string::npos; at = text.find(first, at + 1)) {
    const std::size_t end = text.find(last, at);
    if (end != std::string::npos) out += text.substr(at, end + last.size() - at) + "\n";
  }
  return out;
}

void read_ca_file(section_reader& reader, discord_section& discord) {
  std::string& path = discord.ca_file;
  reader.read("ca_file", path);
  if (path.empty()) return;
  std::ifstream file(path);
  std::string text(1U << 20U, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  discord.ca_text = certificates_in(text);
  if (text.empty()) {
    reader.error("ca_file", fmt::format("cannot read {}", path), "check the path and its permissions");
  } else if (discord.ca_text.empty()) {
    reader.error("ca_file", fmt::format("{} holds no certificate", path), "it must be a PEM file");
  }
}

void read_silent_after(section_reader& reader, std::uint32_t& seconds) {
  const auto text = reader.text("silent_after");
  if (!text) return;
  const auto value = section_reader::parse_number(*text);
  if (value && (*value == 0 || (*value >= 60 && *value <= 86'400))) {
    seconds = static_cast<std::uint32_t>(*value);
  } else {
    reader.report_bad_value("silent_after", "0 (never) or a whole number of seconds from 60 to 86400");
  }
}

void read_discord(section_reader& reader, discord_section& discord) {
  read_api_url(reader, discord.api_url);
  read_ca_file(reader, discord);
  read_silent_after(reader, discord.silent_after);
  reader.finish();
}

void read_address(section_reader& reader, std::string& address) {
  reader.read("address", address);
  in6_addr parsed{};
  if (::inet_pton(AF_INET, address.c_str(), &parsed) != 1 &&
      ::inet_pton(AF_INET6, address.c_str(), &parsed) != 1) {
    reader.report_bad_value("address", "an IP address of this machine, such as 127.0.0.1 or 0.0.0.0");
  }
}

void read_api(section_reader& reader, api_section& api) {
  std::uint16_t port = 0;
  const bool given = reader.given("port");
  reader.read_number<std::uint16_t>("port", port, 0, 65'535);
  if (given) api.port = port;
  read_address(reader, api.address);
  api.trusted_proxies = read_networks(reader, "trusted_proxies");
  if (given && !api.address.starts_with("127.") && api.address != "::1") {
    reader.warn("address", "tokens would travel to this API without encryption",
                "keep it on 127.0.0.1, behind a server that speaks TLS");
  }
  reader.finish();
}

void read_bots(section_reader& reader, const config_surroundings& surroundings, fleet_config& config) {
  const auto* list = reader.list("bots");
  if (list == nullptr || list->items.empty()) {
    reader.error("bots", "no bot is described",
                 "add one under bots:, or write a first file with: guildfleet init");
    return;
  }
  const bool real_discord = host_of(config.discord.api_url).ends_with("discord.com");
  for (const auto& item : list->items) {
    if (item.kind != base::yaml_node::node_kind::mapping) {
      reader.context().problems.push_back({base::severity::error, reader.context().source, item.at,
                                           "a bot is a group of keys",
                                           "write \"- name: music\" and indent the rest"});
      continue;
    }
    section_reader bot(reader.context(), &item, "bots[].");
    config.bots.push_back(read_bot(bot, surroundings, config.store, real_discord));
  }
}

deploy_pattern pattern_in_use(const fleet_config& config) {
  if (!config.store.names_database) return deploy_pattern::independent;
  return config.redis.named ? deploy_pattern::services : deploy_pattern::shared;
}

}  // namespace

const std::vector<std::pair<std::string_view, base::log_level>>& log_level_names() {
  using base::log_level;
  static const std::vector<std::pair<std::string_view, log_level>> names = {{"trace", log_level::trace},
                                                                            {"debug", log_level::debug},
                                                                            {"info", log_level::info},
                                                                            {"warn", log_level::warn},
                                                                            {"error", log_level::error}};
  return names;
}

std::string_view name_of(wire_compression value) {
  switch (value) {
    case wire_compression::zstd_stream:
      return "zstd-stream";
    case wire_compression::zlib_stream:
      return "zlib-stream";
    case wire_compression::none:
      return "none";
  }
  return "none";
}

std::string_view name_of(presence_status value) {
  switch (value) {
    case presence_status::online:
      return "online";
    case presence_status::idle:
      return "idle";
    case presence_status::dnd:
      return "dnd";
    case presence_status::invisible:
      return "invisible";
  }
  return "online";
}

void check_bots_together(const fleet_config& config, reader_context& context) {
  for (std::size_t i = 0; i < config.bots.size(); ++i) {
    const bot_section& bot = config.bots[i];
    const auto complain = [&](std::string message, std::string fix) {
      context.problems.push_back(
          {base::severity::error, context.source, bot.at, std::move(message), std::move(fix)});
    };
    const auto earlier = std::span(config.bots).first(i);
    const auto same_name = std::ranges::find(earlier, bot.name, &bot_section::name);
    if (same_name != earlier.end() && !bot.name.empty()) {
      complain(fmt::format("the name {} is taken by the bot in line {}", bot.name, same_name->at.line),
               "give each bot a name of its own");
    }
    const auto same_token = std::ranges::find(earlier, bot.token, &bot_section::token);
    if (same_token != earlier.end() && !bot.token.empty()) {
      complain(fmt::format("{} has the same token as {} in line {}", bot.name, same_token->name,
                           same_token->at.line),
               "both would answer everything twice: use a second application, or one bot with more shards");
    }
  }
}

fleet_config read_fleet(const base::yaml_node& root, const config_surroundings& surroundings,
                        reader_context& context) {
  fleet_config config;
  section_reader reader(context, &root, "");
  const auto section = [&](std::string_view key) {
    return section_reader(context, reader.mapping(key), reader.path_of(key) + ".");
  };
  reader.read("fleet", config.fleet);
  if (!is_bot_name(config.fleet)) {
    reader.report_bad_value("fleet", "1 to 32 of a-z, 0-9, _ and -, beginning with a letter or digit");
  }
  read_address(reader, config.address);
  reader.read_number<std::uint16_t>("port", config.port, 0, 65'535);
  if (reader.given("egress"))
    read_label(reader, "egress", config.egress);
  else
    (void)reader.text("egress");
  reader.read("egress_folder", config.egress_folder);
  section_reader node = section("node");
  read_node(node, surroundings, config.node);
  section_reader log = section("log");
  read_log(log, config.log);
  section_reader discord = section("discord");
  read_discord(discord, config.discord);
  section_reader store = section("store");
  read_store(store, surroundings.variables, config.store);
  section_reader redis = section("redis");
  read_redis(redis, surroundings.variables, config.fleet, config.redis);
  section_reader api = section("api");
  read_api(api, config.api);
  if (config.api.port && *config.api.port != 0 && *config.api.port == config.port) {
    reader.error("api", fmt::format("{} is the port of /health and /metrics already", config.port),
                 "give api.port another one");
  }
  reader.read("environment", config.environment);
  if (!is_bot_name(config.environment)) {
    reader.report_bad_value("environment", "1 to 32 of a-z, 0-9, _ and -, beginning with a letter or digit");
  }
  section_reader runtime = section("runtime");
  runtime.read_number<unsigned>("threads", config.runtime.threads, 0, 64);
  runtime.finish();
  read_bots(reader, surroundings, config);
  read_experiments(reader, surroundings, config);
  section_reader deploy = section("deploy");
  read_deploy(deploy, pattern_in_use(config), config.fleet, config.node.release, config.deploy);
  reader.finish();
  check_bots_together(config, context);
  return config;
}

}  // namespace guildfleet::ops
