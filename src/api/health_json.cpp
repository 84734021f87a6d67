#include "api/health_json.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/json_text.hpp"

namespace guildfleet::api {
namespace {

std::size_t guilds_of(const bot::bot_health& bot) {
  std::size_t total = 0;
  for (const auto& shard : bot.shards) total += shard.guilds;
  return total;
}

void write_milliseconds(base::json_writer& json, std::string_view key,
                        const std::optional<std::chrono::milliseconds>& value) {
  json.key(key);
  if (value) {
    json.number(std::int64_t{value->count()});
  } else {
    json.null();
  }
}

void write_shard(base::json_writer& json, const bot::shard_health& shard) {
  json.begin_object().key("id").number(std::uint64_t{shard.shard.index});
  json.key("count").number(std::uint64_t{shard.shard.count});
  json.key("state").string(name_of(shard.state));
  json.key("held").boolean(shard.held);
  write_milliseconds(json, "latency_ms", shard.latency);
  write_milliseconds(json, "last_event_ms", shard.last_event_age);
  json.key("guilds").number(std::uint64_t{shard.guilds});
  json.key("unavailable_guilds").number(std::uint64_t{shard.unavailable_guilds});
  json.key("lease_epoch").number(shard.lease_epoch).end_object();
}

void write_bot(base::json_writer& json, const bot::bot_health& bot) {
  json.begin_object().key("name").string(bot.name).key("status").string(status_of(bot));
  json.key("application");
  if (bot.application) {
    json.string(fmt::format("{}", *bot.application));
  } else {
    json.null();
  }
  json.key("user").string(bot.user_name);
  json.key("problem").string(bot.problem);
  json.key("guilds").number(std::uint64_t{guilds_of(bot)});
  json.key("shards").begin_array();
  for (const auto& shard : bot.shards) write_shard(json, shard);
  json.end_array().end_object();
}

bool waits_for_discord(const bot::shard_health& shard) {
  return shard.held && shard.state != bot::shard_state::connected;
}

}  // namespace

std::string_view name_of(bot::shard_state value) {
  switch (value) {
    case bot::shard_state::standby:
      return "standby";
    case bot::shard_state::queued:
      return "queued";
    case bot::shard_state::connecting:
      return "connecting";
    case bot::shard_state::connected:
      return "connected";
    case bot::shard_state::holding:
      return "holding";
    case bot::shard_state::stopped:
      return "stopped";
  }
  return "unknown";
}

std::string_view status_of(const bot::bot_health& bot) {
  if (bot.stopped) return "stopped";
  if (!bot.problem.empty() || std::ranges::any_of(bot.shards, waits_for_discord)) return "degraded";
  return "ok";
}

std::string_view status_of(const bot::fleet_snapshot& snapshot, bool ready) {
  if (snapshot.stopping) return "stopping";
  if (!ready) return "starting";
  const bool fine =
      std::ranges::all_of(snapshot.bots, [](const auto& bot) { return status_of(bot) == "ok"; });
  return fine ? "ok" : "degraded";
}

std::string health_json(const bot::fleet_snapshot& snapshot, bool ready, std::uint64_t memory_bytes) {
  std::uint64_t guilds = 0;
  for (const auto& bot : snapshot.bots) guilds += guilds_of(bot);
  const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(snapshot.uptime);
  base::json_writer json;
  json.begin_object().key("status").string(status_of(snapshot, ready)).key("ready").boolean(ready);
  json.key("bot").string(snapshot.bots.size() == 1 ? snapshot.bots.front().name : snapshot.fleet);
  json.key("uptime").number(std::int64_t{uptime.count()});
  json.key("memory").number(memory_bytes);
  json.key("guilds").number(guilds);
  json.key("fleet").string(snapshot.fleet).key("node").string(snapshot.node);
  json.key("release").string(snapshot.release);
  json.key("bots").begin_array();
  for (const auto& bot : snapshot.bots) write_bot(json, bot);
  json.end_array().end_object();
  return json.take();
}

}  // namespace guildfleet::api
