#include "api/health_json.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/json_text.hpp"

namespace guildfleet::api {
namespace {

std::size_t guilds_of(const bot::bot_health& bot) {
  std::size_t total = 0;
  for (const auto& shard : bot.shards) total += shard.muted ? 0 : shard.guilds;
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
  json.key("held").boolean(shard.held).key("muted").boolean(shard.muted);
  write_milliseconds(json, "latency_ms", shard.latency);
  write_milliseconds(json, "last_event_ms", shard.last_event_age);
  json.key("guilds").number(std::uint64_t{shard.guilds});
  json.key("unavailable_guilds").number(std::uint64_t{shard.unavailable_guilds});
  json.key("lease_epoch").number(shard.lease_epoch).end_object();
}

void write_group(base::json_writer& json, std::string_view name, const bot::group_figures& group) {
  json.begin_object().key("variant").string(name).key("servers").number(std::uint64_t{group.guilds});
  json.key("events").number(group.events).key("failures").number(group.failures);
  json.key("uses").number(group.uses).key("other_uses").number(group.other_uses);
  json.key("answers").number(group.answers).key("answer_ms");
  if (group.answers == 0) {
    json.null();
  } else {
    const auto millis = std::chrono::duration<double, std::milli>(group.answer_time).count();
    json.number(static_cast<std::int64_t>(millis / static_cast<double>(group.answers) + 0.5));
  }
  json.end_object();
}

void write_experiment(base::json_writer& json, const bot::experiment_health& experiment) {
  json.begin_object().key("name").string(experiment.name).key("feature").string(experiment.feature);
  json.key("variant").string(experiment.variant).key("share_per_million");
  if (experiment.share_per_million) {
    json.number(std::uint64_t{*experiment.share_per_million});
  } else {
    json.null().key("listed").number(std::uint64_t{experiment.listed});
  }
  json.key("ends");
  if (experiment.ends) {
    json.string(base::iso8601(*experiment.ends));
  } else {
    json.null();
  }
  json.key("on").boolean(experiment.on).key("groups").begin_array();
  write_group(json, experiment.variant, experiment.treated);
  write_group(json, bot::control_group, experiment.control);
  json.end_array().end_object();
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
  json.end_array();
  if (!bot.experiments.empty()) {
    json.key("experiments").begin_array();
    for (const auto& experiment : bot.experiments) write_experiment(json, experiment);
    json.end_array();
  }
  json.end_object();
}

bool waits_for_discord(const bot::shard_health& shard) {
  return shard.held && !shard.muted && shard.state != bot::shard_state::connected;
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
  if (bot.shards.empty()) return "starting";
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
