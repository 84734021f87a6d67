// All sessions and connections of the simulated gateway: who gets which event, who may identify or resume,
// and the faults. Without sockets; one reactor, the same as the world's.
#pragma once

#include <list>
#include <map>
#include <set>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "sim/gateway/gateway_connection.hpp"
#include "sim/gateway/gateway_settings.hpp"
#include "sim/gateway/identify_limits.hpp"
#include "sim/gateway/request_port.hpp"

namespace guildfleet::sim {

// Counted since the start; what the report shows.
struct gateway_counters {
  std::uint64_t connections = 0;
  std::uint64_t identifies = 0;
  std::uint64_t window_violations = 0;
  std::uint64_t tokens_reset = 0;
  std::uint64_t resumes_ok = 0;
  std::uint64_t resumes_refused = 0;
  std::uint64_t heartbeats = 0;
  std::uint64_t acks_withheld = 0;
  std::uint64_t dispatches = 0;
  std::uint64_t slow_consumers = 0;
  std::uint64_t presences_dropped = 0;
  std::map<std::uint16_t, std::uint64_t> close_codes_sent;
  std::map<std::uint16_t, std::uint64_t> close_codes_received;  // 0: TCP loss
};

// How late each session is shown each event, drawn anew for every one: two sessions of a bot see events of
// different guilds in different orders.
struct uneven_delay {
  std::chrono::milliseconds most{0};  // 0: nothing is late
  bool keeps_order = true;            // within a guild
};

// Faults that wait for the next connection or identify.
struct armed_faults {
  int reconnect_before_hello = 0;           // so many connections get op 7 instead of Hello
  int refuse_connections = 0;               // so many upgrades are answered 503
  std::chrono::milliseconds slow_ready{0};  // every READY waits so long, until set to 0
  bool unknown_fields = false;              // every dispatch carries members nobody knows
  std::optional<std::string> resume_url;    // READY names this one
  uneven_delay delay;
};

class gateway_hub final : public event_sink {
 public:
  // All references outlive the hub.
  gateway_hub(const base::clock& clock, world_view& world, request_port& requests, gateway_settings settings,
              std::uint64_t seed);
  ~gateway_hub() override;

  // event_sink
  void publish(world_event event) override;
  [[nodiscard]] start_limit session_start_limit(id application) const override;

  // Generated traffic: the same ways, with a text made beforehand. Returns how many sessions took it.
  std::size_t publish_prepared(const prepared_event& event);

  // For the control API.
  [[nodiscard]] boost::json::object report() const;
  [[nodiscard]] boost::json::array sessions_json() const;
  // Sessions that match; 0, -1 and "" match all.
  [[nodiscard]] std::vector<gateway_session*> find_sessions(id application, int shard, std::string_view name);
  // Live connections that serve matching sessions; with nothing asked for, those without a session too.
  [[nodiscard]] std::vector<gateway_connection*> find_connections(id application, int shard,
                                                                  std::string_view name);
  void end_session(gateway_session& session);
  // Every session of the bot ends with 4004 and its token is reset.
  void reset_token(id application);
  [[nodiscard]] armed_faults& armed() { return armed_; }
  [[nodiscard]] gateway_settings& settings() { return settings_; }
  [[nodiscard]] gateway_counters& counters() { return counters_; }
  // Called when a session is ready and has all its guilds, and when it could get an armed source.
  void on_session_loaded(std::function<void(gateway_session&)> observer) {
    loaded_observer_ = std::move(observer);
  }

  // For connections.
  [[nodiscard]] world_view& world() { return world_; }
  [[nodiscard]] request_port& requests() { return requests_; }
  [[nodiscard]] const base::clock& clock() const { return clock_; }
  void joined(gateway_connection& connection) { connections_.insert(&connection); }
  void left(gateway_connection& connection) { connections_.erase(&connection); }
  // A new session with READY in its ring; nullptr and the verdict when the limits forbid it.
  struct identify_outcome {
    identify_verdict verdict = identify_verdict::allowed;
    gateway_session* session = nullptr;
  };
  [[nodiscard]] identify_outcome identify(const bot_account& bot, const identify_request& request,
                                          base::steady_time now);
  // The session, free to attach to; nullptr: op 9 false. The sequence is checked against its ring.
  [[nodiscard]] std::expected<gateway_session*, refusal> resume(const resume_request& request,
                                                                base::steady_time now);
  void detach(gateway_session& session, bool keep, base::steady_time now);
  // GUILD_CREATE, or GUILD_DELETE during an outage, of the next pending guild goes into the ring.
  void create_next_guild(gateway_session& session);
  void session_loaded(gateway_session& session);
  // What was late and is due goes into the ring.
  void show_late(gateway_session& session, base::steady_time now);

 private:
  [[nodiscard]] base::steady_time shown_at(gateway_session& session, const std::optional<id>& guild);
  bool deliver(gateway_session& session, const prepared_event& event);
  void publish_guild_create(const world_event& event);
  void create_guild(gateway_session& session, id guild);
  [[nodiscard]] event_body ready_of(const gateway_session& session, const identify_request& request,
                                    const bot_account& bot, const std::vector<id>& guilds) const;
  // Applies `on_second_session` to the sessions that have the same shard.
  void make_room_for(gateway_session& added);
  // Ends a session that nobody can resume any more; its connection, if any, is told.
  void drop_session(gateway_session& session);
  void forget_expired(base::steady_time now);
  [[nodiscard]] std::string new_session_name();

  const base::clock& clock_;
  world_view& world_;
  request_port& requests_;
  gateway_settings settings_;
  base::random_source random_;
  std::list<gateway_session> sessions_;
  std::set<gateway_connection*> connections_;
  std::unordered_map<id, identify_limits> limits_;
  armed_faults armed_;
  gateway_counters counters_;
  std::function<void(gateway_session&)> loaded_observer_;
};

}  // namespace guildfleet::sim
