#include "bot/shard_metrics.hpp"

#include "discord/gateway/session_actions.hpp"
#include "fleet/release_samples.hpp"

namespace guildfleet::bot {
namespace {

base::counter guest_events(base::metrics& metrics, const std::string& bot, const std::string& outcome) {
  return metrics.counter_of("guildfleet_fleet_guest_events_total",
                            "Events of delegated guilds, by what became of them on this node",
                            {{"bot", bot}, {"outcome", outcome}});
}

base::counter dead_connections(base::metrics& metrics, const std::string& bot, const std::string& kind) {
  return metrics.counter_of("guildfleet_gateway_dead_connections_total",
                            "Gateway connections given up although they looked open",
                            {{"bot", bot}, {"kind", kind}});
}

base::counter tails(base::metrics& metrics, const std::string& bot, const std::string& outcome) {
  return metrics.counter_of("guildfleet_fleet_tails_total",
                            "Handlers that ran while their shard went to another node",
                            {{"bot", bot}, {"outcome", outcome}});
}

}  // namespace

shard_metrics::shard_metrics(base::metrics& metrics, std::string bot)
    : identifies(
          metrics.counter_of("guildfleet_gateway_identifies_total", "Identifies sent", {{"bot", bot}})),
      resumes(metrics.counter_of("guildfleet_gateway_resumes_total", "Sessions resumed", {{"bot", bot}})),
      disconnects(metrics.counter_of("guildfleet_gateway_disconnects_total",
                                     "Gateway connections that ended, by either side", {{"bot", bot}})),
      sessions_lost(metrics.counter_of("guildfleet_gateway_sessions_lost_total",
                                       "Sessions that could not be resumed any more", {{"bot", bot}})),
      zombies(dead_connections(metrics, bot, "zombie")),
      silences(dead_connections(metrics, bot, "silent")),
      malformed(metrics.counter_of("guildfleet_gateway_malformed_total",
                                   "Gateway messages that could not be read", {{"bot", bot}})),
      held_events(metrics.counter_of("guildfleet_fleet_held_events_total",
                                     "Events held back while the shard's lease had run out", {{"bot", bot}})),
      ledger_failures(metrics.counter_of("guildfleet_fleet_ledger_failures_total",
                                         "Writes of the session ledger that failed", {{"bot", bot}})),
      guest_events_sent(guest_events(metrics, bot, "sent")),
      guest_events_handled(guest_events(metrics, bot, "handled")),
      guest_events_dropped(guest_events(metrics, bot, "dropped")),
      tails_cut_off(tails(metrics, bot, "cut_off")),
      tails_told(tails(metrics, bot, "told")),
      tails_lapsed(tails(metrics, bot, "lapsed")),
      heartbeat_seconds(metrics.histogram_of("guildfleet_gateway_heartbeat_seconds",
                                             "Time from a heartbeat to its acknowledgement", {{"bot", bot}},
                                             {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5})),
      handover_seconds(metrics.histogram_of(
          "guildfleet_fleet_handover_seconds",
          "Time from the end of a shard's session here until another node owned the shard", {{"bot", bot}},
          fleet::duration_histogram::bounds_in_seconds())),
      takeover_seconds(
          metrics.histogram_of("guildfleet_fleet_takeover_seconds",
                               "Time from a shard's lease until its session was resumed or begun here",
                               {{"bot", bot}}, fleet::duration_histogram::bounds_in_seconds())),
      registry_(metrics),
      bot_(std::move(bot)) {}

void shard_metrics::count_close(std::string_view reason) const {
  disconnects.add();
  if (reason == discord::zombie_connection) zombies.add();
  if (reason == discord::silent_connection) silences.add();
}

void shard_metrics::count_event(discord::event_type type) {
  auto& series = events_[static_cast<std::size_t>(type)];
  if (!series) {
    series = registry_.counter_of("guildfleet_gateway_events_total", "Dispatches received, by type",
                                  {{"bot", bot_}, {"type", std::string(discord::name_of(type))}});
  }
  series->add();
}

}  // namespace guildfleet::bot
