#include "bot/shard_gauges.hpp"

namespace guildfleet::bot {
namespace {

std::optional<std::chrono::milliseconds> age(std::int64_t since_ns, base::steady_time now) {
  if (since_ns < 0) return std::nullopt;
  const auto elapsed = now.time_since_epoch() - std::chrono::nanoseconds(since_ns);
  return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(elapsed),
                  std::chrono::milliseconds::zero());
}

}  // namespace

shard_health shard_gauges::health(base::steady_time now) const {
  shard_health out;
  out.shard = shard_;
  out.state = state;
  out.held = held;
  out.muted = role == set_role::muted;
  out.since_connected = age(connected_ns, now);
  if (out.state == shard_state::connected) out.since_connected = std::chrono::milliseconds::zero();
  const std::int64_t latency = latency_us;
  if (latency >= 0)
    out.latency = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::microseconds(latency));
  out.last_event_age = age(last_event_ns, now);
  // They are their owner's to tell.
  const bool elsewhere = out.state == shard_state::standby;
  out.guilds = elsewhere ? 0 : guilds.load();
  out.unavailable_guilds = elsewhere ? 0 : unavailable.load();
  out.lease_epoch = epoch;
  return out;
}

}  // namespace guildfleet::bot
