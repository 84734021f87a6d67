// One shard's numbers for /health: written on its reactor, read on any.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.hpp"
#include "base/published.hpp"
#include "bot/fleet_status.hpp"
#include "bot/two_sets.hpp"

namespace guildfleet::bot {

class shard_gauges final {
 public:
  explicit shard_gauges(discord::shard_id shard) : shard_(shard) {}

  std::atomic<shard_state> state{shard_state::queued};  // until it is known who has the lease
  std::atomic<bool> held{false};
  std::atomic<bool> visits{false};  // acts for guilds of it, while another node has its session
  std::atomic<set_role> role{set_role::only};
  std::atomic<bool> whole{false};      // while there are two sets: its session shows everything
  std::atomic<bool> unsettled{false};  // of the new set: what the old one acted on is not all told yet
  std::atomic<std::uint64_t> epoch{0};
  std::atomic<std::size_t> guilds{0};
  std::atomic<std::size_t> unavailable{0};
  std::atomic<std::size_t> state_bytes{0};      // of guild state
  std::atomic<std::size_t> queued_bytes{0};     // of events that wait for a handler or a lease
  std::atomic<std::size_t> ledger_bytes{0};     // of what is told of progress
  std::atomic<std::int64_t> latency_us{-1};     // -1: not measured
  std::atomic<std::int64_t> last_event_ns{-1};  // steady clock; -1: none
  std::atomic<std::int64_t> connected_ns{-1};   // last moment of being connected; -1: never
  base::published<std::vector<group_sizes>> experiment_groups;  // of each experiment of the bot

  [[nodiscard]] shard_health health(base::steady_time now) const;

 private:
  discord::shard_id shard_;
};

}  // namespace guildfleet::bot
