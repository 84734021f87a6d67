#include "api/readiness.hpp"

#include <fmt/format.h>

namespace guildfleet::api {
namespace {

bool counts_as_connected(const bot::shard_health& shard, const readiness_settings& settings) {
  return shard.since_connected && *shard.since_connected <= settings.reconnect_grace;
}

// The first thing that is missing for readiness; empty when nothing is.
std::string missing(const bot::fleet_snapshot& snapshot, const readiness_settings& settings) {
  if (!snapshot.store_opened) return "the store is not open yet";
  for (const auto& bot : snapshot.bots) {
    if (bot.stopped) continue;
    if (bot.shards.empty()) return fmt::format("{} has not reached Discord yet", bot.name);
    for (const auto& shard : bot.shards) {
      const bool stands_by = !shard.held && shard.state == bot::shard_state::standby;
      // The old set of shards serves until the new one is complete.
      if (stands_by || shard.muted || counts_as_connected(shard, settings)) continue;
      return fmt::format("shard {} of {} is not connected yet", shard.shard, bot.name);
    }
  }
  return {};
}

}  // namespace

verdict judge_liveness(const bot::fleet_snapshot& snapshot, const readiness_settings& settings) {
  for (const auto& loop : snapshot.loops) {
    if (loop.last_turn_age < settings.loop_limit) continue;
    return {false,
            fmt::format("the event loop {} has not turned for {} ms", loop.name, loop.last_turn_age.count())};
  }
  return {true, "alive"};
}

verdict readiness_judge::judge(const bot::fleet_snapshot& snapshot) {
  if (snapshot.stopping) return {false, "stopping"};
  if (was_ready_) return {true, "ready"};
  std::string what = missing(snapshot, settings_);
  if (!what.empty()) return {false, std::move(what)};
  was_ready_ = true;
  return {true, "ready"};
}

}  // namespace guildfleet::api
