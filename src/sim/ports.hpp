// What the two halves of the simulator know of each other: the world (state and REST) publishes events and
// answers questions; the gateway half owns sessions and delivers. The simulator never includes discord/ or
// bot/: it is an independent witness of the protocol.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guildfleet::sim {

using id = std::uint64_t;

// One gateway dispatch before it is filtered per session.
struct world_event {
  std::string type;                  // "MESSAGE_CREATE"
  boost::json::object data;          // the full `d`, with message content
  std::optional<id> guild;           // absent: goes to shard 0 of `only_bot`
  std::uint64_t any_of_intents = 0;  // 0: needs no intent
  std::optional<id> only_bot;        // application id; absent: every bot that is in `guild`
  bool holds_message_content =
      false;  // blanked for sessions without MESSAGE_CONTENT, with the documented exceptions
};

struct bot_account {
  id application = 0;
  id user = 0;
  std::string token;
  std::string name;
  std::uint64_t application_flags = 0;  // privileged intents switched on, as GATEWAY_* flags
  int max_concurrency = 1;
  int recommended_shards = 1;
  int session_start_total = 1000;
};

// Implemented by the world.
class world_view {
 public:
  virtual ~world_view() = default;
  [[nodiscard]] virtual const bot_account* find_bot_by_token(std::string_view token) const = 0;
  [[nodiscard]] virtual const bot_account* find_bot(id application) const = 0;
  // Ids of the guilds a bot is in, ascending.
  [[nodiscard]] virtual std::vector<id> guilds_of(id application) const = 0;
  // `d` of GUILD_CREATE as this bot sees it; the members it may see depend on `intents`.
  [[nodiscard]] virtual boost::json::object guild_create(id guild, id application,
                                                         std::uint64_t intents) const = 0;
  [[nodiscard]] virtual bool guild_unavailable(id guild) const = 0;
  // The bot's user object as READY has it.
  [[nodiscard]] virtual boost::json::object self_user(id application) const = 0;
  // Exactly the tokens that died (reset after too many identifies) are unknown to find_bot_by_token
  // afterwards.
  virtual void reset_token(id application) = 0;
};

// Implemented by the gateway half.
class event_sink {
 public:
  virtual ~event_sink() = default;
  virtual void publish(world_event event) = 0;
  // Identifies left for this bot: what GET /gateway/bot reports.
  struct start_limit {
    int total;
    int remaining;
    std::int64_t reset_after_ms;
    int max_concurrency;
  };
  [[nodiscard]] virtual start_limit session_start_limit(id application) const = 0;
};

}  // namespace guildfleet::sim
