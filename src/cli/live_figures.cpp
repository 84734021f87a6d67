#include "cli/live_figures.hpp"

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>
#include <charconv>
#include <fmt/format.h>

#include "bot/gateway_info.hpp"
#include "cli/discord_call.hpp"
#include "discord/rest/json_object.hpp"
#include "discord/rest/route.hpp"

namespace guildfleet::cli {
namespace {

namespace json = boost::json;

constexpr std::uint64_t guilds_to_tell = 1'000;
constexpr double seconds_to_tell = 600;

std::uint64_t number_of(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  return value != nullptr && value->is_int64() && value->as_int64() > 0
             ? static_cast<std::uint64_t>(value->as_int64())
             : 0;
}

net::task<base::result<discord_word>> ask(bot::rest_client& client) {
  const auto gateway = co_await client.request(discord::make_request(discord::routes::get_gateway_bot));
  if (!gateway) co_return std::unexpected(bot::explain_gateway_failure(gateway.error()));
  const auto info = bot::read_gateway_info(gateway->body);
  if (!info) co_return std::unexpected(info.error());
  discord_word out{.figures = {.shards = info->shards, .limit = info->limit}};
  const auto application = co_await client.request(discord::make_request(discord::routes::get_application));
  const auto body = application ? discord::parse_object(application->body) : std::nullopt;
  if (body && body->contains("approximate_guild_count"))
    out.guilds_about = number_of(*body, "approximate_guild_count");
  co_return out;
}

net::task<> ask_into(bot::rest_client& client, std::optional<base::result<discord_word>>& out) {
  out.emplace(co_await ask(client));
}

void add_bot(bot_figures& all, const json::array& shards) {
  for (const json::value& each : shards) {
    const auto* shard = each.if_object();
    if (shard == nullptr || !shard->contains("held") || shard->at("held") != true) continue;
    if (const auto* muted = shard->if_contains("muted"); muted != nullptr && *muted == true) continue;
    ++all.shards;
    all.count = static_cast<std::uint32_t>(number_of(*shard, "count"));
    all.guilds += number_of(*shard, "guilds");
  }
}

// Whether the line is a sample of this family: its name, then a label or a blank.
bool is_sample(std::string_view line, std::string_view family) {
  return line.starts_with(family) && line.size() > family.size() &&
         (line[family.size()] == '{' || line[family.size()] == ' ');
}

// Answers to interactions and webhooks are not in the global limit.
bool is_limited(std::string_view sample) {
  namespace routes = discord::routes;
  constexpr std::array free = {&routes::create_callback, &routes::get_original,    &routes::edit_original,
                               &routes::delete_original, &routes::create_followup, &routes::edit_followup,
                               &routes::delete_followup, &routes::execute_webhook};
  return std::ranges::none_of(free, [&](const discord::route* each) {
    return sample.contains(fmt::format("route=\"{}\"", each->name));
  });
}

double value_of(std::string_view line) {
  double value = 0;
  const std::size_t blank = line.rfind(' ');
  if (blank != std::string_view::npos)
    std::from_chars(line.data() + blank + 1, line.data() + line.size(), value);
  return value;
}

template <class Take>
void for_each_line(std::string_view text, Take take) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    take(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

void add_metrics(node_figures& all, std::string_view text) {
  for_each_line(text, [&](std::string_view line) {
    if (is_sample(line, "guildfleet_gateway_events_total")) all.events += value_of(line);
    if (is_sample(line, "guildfleet_rest_requests_total") && is_limited(line)) all.requests += value_of(line);
  });
}

std::optional<double> per_minute(double count, const node_figures& all) {
  if (all.nodes == 0 || all.guilds() == 0 || all.seconds / all.nodes < seconds_to_tell) return std::nullopt;
  return count / (all.seconds / all.nodes) * 60 / static_cast<double>(all.guilds());
}

}  // namespace

base::result<discord_word> ask_discord(const ops::fleet_config& config, const ops::bot_section& bot,
                                       const std::string& version, std::chrono::milliseconds limit) {
  std::optional<base::result<discord_word>> out;
  const auto called = call_discord(config, bot, version, limit / 2,
                                   [&](bot::rest_client& client) { return ask_into(client, out); });
  if (!called) return std::unexpected(called.error());
  return std::move(*out);
}

double sum_of_metric(std::string_view text, std::string_view family) {
  double sum = 0;
  for_each_line(text, [&](std::string_view line) {
    if (is_sample(line, family)) sum += value_of(line);
  });
  return sum;
}

std::uint64_t bot_figures::all_guilds() const {
  if (shards == 0 || shards >= count) return guilds;
  return guilds * count / shards;
}

std::uint64_t node_figures::guilds() const {
  std::uint64_t sum = 0;
  for (const auto& [name, each] : bots) sum += each.guilds;
  return sum;
}

std::optional<double> node_figures::bytes_per_guild(const ops::measured_costs& costs) const {
  if (guilds() < guilds_to_tell) return std::nullopt;
  double rest = nodes * costs.node_bytes;
  for (const auto& [name, each] : bots) rest += each.shards * costs.of_a_shard(each.zstd);
  if (bytes <= rest) return std::nullopt;
  return (bytes - rest) / static_cast<double>(guilds());
}

std::optional<double> node_figures::events_per_guild() const {
  return per_minute(events, *this);
}

std::optional<double> node_figures::requests_per_guild() const {
  return per_minute(requests, *this);
}

bool add_node(node_figures& all, std::string_view health_json, std::string_view metrics) {
  const auto health = discord::parse_object(health_json);
  const json::value* bots = health ? health->if_contains("bots") : nullptr;
  if (bots == nullptr || !bots->is_array()) return false;
  for (const json::value& each : bots->get_array()) {
    const auto* bot = each.if_object();
    const json::value* name = bot != nullptr ? bot->if_contains("name") : nullptr;
    const json::value* shards = bot != nullptr ? bot->if_contains("shards") : nullptr;
    if (name == nullptr || !name->is_string() || shards == nullptr || !shards->is_array()) return false;
    add_bot(all.bots[std::string(name->get_string())], shards->get_array());
  }
  ++all.nodes;
  all.bytes += static_cast<double>(number_of(*health, "memory"));
  all.seconds += static_cast<double>(number_of(*health, "uptime"));
  add_metrics(all, metrics);
  return true;
}

}  // namespace guildfleet::cli
