#include "api/status_metrics.hpp"

#include <array>

#include "api/health_json.hpp"

namespace guildfleet::api {
namespace {

constexpr std::array shard_states{bot::shard_state::standby,    bot::shard_state::queued,
                                  bot::shard_state::connecting, bot::shard_state::connected,
                                  bot::shard_state::holding,    bot::shard_state::stopped};

}  // namespace

status_metrics::status_metrics(base::metrics& metrics) : metrics_(metrics) {}

base::gauge& status_metrics::series(const std::string& name, const std::string& help,
                                    const base::metric_labels& labels) {
  const auto key = std::pair(name, labels);
  auto found = series_.find(key);
  if (found == series_.end()) found = series_.emplace(key, metrics_.gauge_of(name, help, labels)).first;
  return found->second;
}

void status_metrics::update(const bot::fleet_snapshot& snapshot, std::uint64_t resident_bytes) {
  series("guildfleet_process_resident_bytes", "Memory of the process (resident set)", {})
      .set(static_cast<double>(resident_bytes));
  series("guildfleet_process_uptime_seconds", "Time since the node started", {})
      .set(static_cast<double>(snapshot.uptime.count()) / 1000.0);
  for (const bot::bot_health& each : snapshot.bots) update_bot(each);
}

void status_metrics::update_bot(const bot::bot_health& bot) {
  std::size_t guilds = 0;
  std::size_t unavailable = 0;
  int held = 0;
  std::map<bot::shard_state, int> shards;
  for (const bot::shard_health& each : bot.shards) {
    guilds += each.muted ? 0 : each.guilds;
    unavailable += each.muted ? 0 : each.unavailable_guilds;
    ++shards[each.state];
    held += each.held ? 1 : 0;
  }
  series("guildfleet_bot_guilds", "Guilds of this bot on this node, unavailable ones included",
         {{"bot", bot.name}})
      .set(static_cast<double>(guilds));
  series("guildfleet_bot_guilds_unavailable", "Of those, guilds with an outage at Discord",
         {{"bot", bot.name}})
      .set(static_cast<double>(unavailable));
  series("guildfleet_bot_stopped", "1 when the bot has stopped for good and a person must help",
         {{"bot", bot.name}})
      .set(bot.stopped ? 1 : 0);
  for (const bot::experiment_health& each : bot.experiments) {
    const auto set = [&](std::string_view variant, std::size_t servers) {
      series("guildfleet_bot_experiment_guilds", "Guilds of an experiment on this node, by group",
             {{"bot", bot.name}, {"experiment", each.name}, {"variant", std::string(variant)}})
          .set(static_cast<double>(servers));
    };
    set(each.variant, each.treated.guilds);
    set(bot::control_group, each.control.guilds);
  }
  series("guildfleet_fleet_shards_held", "Shards of this bot whose lease this node has", {{"bot", bot.name}})
      .set(held);
  for (const bot::shard_state state : shard_states) {
    series("guildfleet_gateway_shards", "Shards of this bot, by state",
           {{"bot", bot.name}, {"state", std::string(name_of(state))}})
        .set(shards[state]);
  }
}

}  // namespace guildfleet::api
