// What a bot's gateway sessions count; docs/metrics.md has the meanings. Shards of one bot share the series;
// each shard has an object of its own and uses it on its thread. `metrics` must outlive it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/metrics.hpp"
#include "discord/model/event_type.hpp"

namespace guildfleet::bot {

class shard_metrics final {
 public:
  shard_metrics(base::metrics& metrics, std::string bot);

  base::counter identifies;
  base::counter resumes;
  base::counter disconnects;
  base::counter sessions_lost;
  base::counter zombies;
  base::counter silences;
  base::counter malformed;
  base::counter held_events;
  base::counter ledger_failures;
  base::counter guest_events_sent;
  base::counter guest_events_handled;
  base::counter guest_events_dropped;
  base::counter tails_cut_off;  // handlers here, after their shard has gone
  base::counter tails_told;     // handlers of the node before, of whose end it told
  base::counter tails_lapsed;   // of which it was not heard any more
  base::histogram heartbeat_seconds;
  base::histogram handover_seconds;
  base::histogram takeover_seconds;

  // A connection is closed from here for this reason.
  void count_close(std::string_view reason) const;
  // Received events by type; the series begins with the type's first event.
  void count_event(discord::event_type type);

 private:
  base::metrics& registry_;
  std::string bot_;
  std::array<std::optional<base::counter>, discord::event_type_count> events_;
};

}  // namespace guildfleet::bot
