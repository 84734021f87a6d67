// One session of one bot: what survives its connections. Owned by the hub; one reactor.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "base/clock.hpp"
#include "sim/gateway/replay_buffer.hpp"

namespace guildfleet::sim {

class gateway_connection;

// Events that are made only when the connection has room for them: the backpressure of bulk feeds.
class dispatch_source {
 public:
  virtual ~dispatch_source() = default;
  // The next event; nullopt: the source is exhausted and is let go.
  [[nodiscard]] virtual std::optional<event_body> next() = 0;
  // False: its events use up sequences but are not kept for a resume.
  [[nodiscard]] virtual bool keeps_replay() const = 0;
};

struct gateway_session {
  gateway_session(std::string session_name, std::size_t replay_events, std::size_t replay_bytes)
      : name(std::move(session_name)), ring(replay_events, replay_bytes) {}

  std::string name;  // session_id of READY
  id application = 0;
  id user = 0;
  std::string bot_name;
  std::string token;
  std::uint64_t intents = 0;
  int shard = 0;
  int shard_count = 1;

  replay_buffer ring;
  std::unordered_set<id> guilds;  // of this shard
  std::deque<id> pending_guilds;  // of these, the GUILD_CREATE is still to come
  std::shared_ptr<dispatch_source> source;
  std::multimap<base::steady_time, event_body> late;  // events that are shown at that time (uneven_delay)
  std::unordered_map<id, base::steady_time> late_of_guild;  // of a guild's last one
  gateway_connection* connection = nullptr;
  base::steady_time detached_at{};  // valid while `connection` is null
  bool muted = false;               // a second session that is to get nothing
  std::uint64_t last_heartbeat_sequence = 0;
  std::uint64_t sent = 0;  // dispatches written, replays included
  std::uint64_t replayed = 0;
  int resumes = 0;
  std::optional<std::chrono::microseconds>
      resume_gap;                                   // the last time without a connection that a RESUME ended
  std::optional<base::steady_time> reconnect_sent;  // op 7 that no RESUME has followed yet
  std::optional<std::chrono::microseconds> reconnect_to_resume;  // from the last op 7 to its RESUME

  [[nodiscard]] bool loaded() const { return pending_guilds.empty(); }
  // Takes the guild out of the pending ones; false: it was not there.
  bool stop_pending(id guild) { return std::erase(pending_guilds, guild) != 0; }
};

}  // namespace guildfleet::sim
