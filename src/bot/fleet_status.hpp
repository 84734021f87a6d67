// What a running node tells about itself. The bots fill it in; api/ serves it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "discord/model/ids.hpp"

namespace guildfleet::bot {

enum class shard_state {
  standby,     // without the lease: another node holds it, or the store does not answer
  queued,      // lease held, waits for its turn to identify
  connecting,  // socket, Hello, Identify or Resume under way
  connected,   // READY or RESUMED received
  holding,     // connected, but the lease could not be renewed: events wait
  stopped,     // closed for good: see bot_health::problem
};

struct shard_health {
  discord::shard_id shard;
  shard_state state = shard_state::standby;
  bool held = false;   // this node has the lease
  bool muted = false;  // of a new set of shards beside the one that acts; its guilds are counted there
  std::optional<std::chrono::milliseconds> since_connected{};  // 0 while connected; nullopt: never was
  std::optional<std::chrono::milliseconds> latency{};          // heartbeat to its ACK
  std::optional<std::chrono::milliseconds> last_event_age{};
  std::size_t guilds = 0;              // known, unavailable ones included
  std::size_t unavailable_guilds = 0;  // of those, in an outage at Discord
  std::uint64_t lease_epoch = 0;
};

// The group of an experiment that has no variant, in metrics and reports.
inline constexpr std::string_view control_group = "control";

// Guilds of an experiment on one shard.
struct group_sizes {
  std::size_t treated = 0;
  std::size_t control = 0;
  bool operator==(const group_sizes&) const = default;
};

// One group of an experiment, since the node started.
struct group_figures {
  std::size_t guilds = 0;                    // now
  std::uint64_t events = 0;                  // given to the feature, its timers included
  std::uint64_t failures = 0;                // of its handlers
  std::uint64_t uses = 0;                    // of its commands and components
  std::uint64_t other_uses = 0;              // of those of the bot's other features
  std::uint64_t answers = 0;                 // of its interactions
  std::chrono::microseconds answer_time{0};  // of all of these together
  bool operator==(const group_figures&) const = default;
};

struct experiment_health {
  std::string name{};
  std::string feature{};
  std::string variant{};
  std::optional<std::uint32_t> share_per_million{};  // nullopt: a list of `listed` guilds
  std::size_t listed = 0;
  std::optional<base::wall_time> ends{};
  bool on = true;
  group_figures treated{};
  group_figures control{};
};

struct bot_health {
  std::string name{};
  std::optional<discord::application_id> application{};
  std::string user_name{};  // of the bot's account; empty before Discord told it
  std::string problem{};  // why this bot stopped or is slowed, with the fix; empty when fine; never a secret
  bool stopped = false;   // a fatal close or a refused token: only a person can help
  std::vector<shard_health> shards{};
  std::vector<experiment_health> experiments{};  // in the order of the configuration
};

// An event loop and how long ago it last proved that it turns.
struct loop_health {
  std::string name{};
  std::chrono::milliseconds last_turn_age{0};
};

// What the node's parts take of its memory, as they tell.
struct memory_parts {
  std::uint64_t guilds = 0;
  std::uint64_t guild_state = 0;    // bytes, as all that follows
  std::uint64_t queued_events = 0;  // that wait for a handler or a lease
  std::uint64_t ledger = 0;         // what is told of progress
  std::uint64_t settings_cache = 0;
};

struct fleet_snapshot {
  std::string fleet{};
  std::string node{};
  std::string release{};
  std::chrono::milliseconds uptime{0};
  bool store_opened = false;  // every bot's store was opened once; stays true through later outages
  bool stopping = false;
  std::vector<loop_health> loops{};
  std::vector<bot_health> bots{};
};

// Implemented where the bots are wired. snapshot() is called on the API's reactor: it must not block on a
// shard's reactor or on the store, so shards publish their numbers and this collects them.
class fleet_status {
 public:
  virtual ~fleet_status() = default;
  [[nodiscard]] virtual fleet_snapshot snapshot() const = 0;
};

}  // namespace guildfleet::bot
