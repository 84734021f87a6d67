// The protocol of one gateway connection, without sockets: texts and time in, texts and closing out. The
// session it serves belongs to the hub and outlives it. One reactor.
#pragma once

#include "base/clock.hpp"
#include "sim/gateway/client_message.hpp"
#include "sim/gateway/gateway_session.hpp"
#include "sim/gateway/send_budget.hpp"

namespace guildfleet::sim {

class gateway_hub;

// What a connection does to its socket. Calls never call back into the connection.
class connection_output {
 public:
  virtual ~connection_output() = default;
  // One gateway message; compressed and framed as the connection asks for.
  virtual void send(std::string_view json) = 0;
  // Identify asked for payload compression.
  virtual void compress_payloads() = 0;
  // After what was sent: a close frame.
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
  // Breaks TCP at once, without a close frame.
  virtual void drop() = 0;
  // There is more to pull, or next_due() changed.
  virtual void wake() = 0;
  [[nodiscard]] virtual std::size_t queued_bytes() const = 0;
  // Faults of the wire.
  virtual void corrupt_next() = 0;  // the next message arrives damaged
  virtual void send_garbage() = 0;  // a text frame that is not JSON, past the compression
  virtual void throttle(std::size_t bytes_per_second) = 0;  // 0: as fast as it goes
  virtual void freeze() = 0;                                // neither reads nor writes; TCP stays open
};

class gateway_connection final {
 public:
  gateway_connection(gateway_hub& hub, connection_output& output, connect_query query, std::uint64_t number);
  ~gateway_connection();
  gateway_connection(const gateway_connection&) = delete;
  gateway_connection& operator=(const gateway_connection&) = delete;

  // Hello, or the close frame that the query deserves.
  void open(base::steady_time now);
  void on_text(std::string_view text, base::steady_time now);
  // The peer's close frame, or its loss (0).
  void on_peer_gone(std::uint16_t code, base::steady_time now);
  void on_tick(base::steady_time now);
  [[nodiscard]] base::steady_time next_due() const;
  // Writes dispatches until the output holds `outbox_refill_bytes`.
  void pull();

  // Faults, as the control API names them.
  void send_reconnect(base::steady_time now);
  void invalidate(bool resumable);
  void server_close(std::uint16_t code, std::string_view reason);
  void server_drop();
  void go_half_open();
  void stop_acks(bool stopped) { acks_stopped_ = stopped; }
  void set_silent(bool silent);
  void request_heartbeat();
  void repeat_last(std::size_t count);
  void send_unknown_event();
  [[nodiscard]] connection_output& output() { return output_; }

  [[nodiscard]] gateway_session* session() { return session_; }
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] bool ended() const { return state_ == state::closed; }
  [[nodiscard]] bool ready() const { return state_ == state::ready; }
  // none, payload (asked for by Identify), zlib-stream or zstd-stream.
  [[nodiscard]] std::string_view compression() const;
  // Called by the hub when another connection takes the session, or the session ends.
  void lose_session() { session_ = nullptr; }

 private:
  enum class state { waiting, ready, closed };  // waiting: before READY or RESUMED, and after op 9

  void refuse(const refusal& why);
  void end(bool keep_session);
  void handle(const client_message& message, base::steady_time now);
  void on_heartbeat(const client_message& message, base::steady_time now);
  void on_identify(const client_message& message, base::steady_time now);
  void on_resume(const client_message& message, base::steady_time now);
  void on_request(const client_message& message, base::steady_time now);
  void on_presence(const client_message& message, base::steady_time now);
  void on_voice_state(const client_message& message);
  void on_guild_members(const client_message& message, base::steady_time now);
  void send_members(guild_members_request request);
  void on_soundboard(const client_message& message);
  void on_channel_info(const client_message& message);
  void send_control(int op, std::string_view data);
  void send_dispatch(const event_body& body, std::uint64_t sequence);
  [[nodiscard]] bool pull_one();
  void attach(gateway_session& session, std::uint64_t sent_up_to);

  gateway_hub& hub_;
  connection_output& output_;
  connect_query query_;
  std::uint64_t number_;
  state state_ = state::waiting;
  gateway_session* session_ = nullptr;
  std::uint64_t cursor_ = 0;      // last sequence written to this connection
  std::uint64_t replay_end_ = 0;  // dispatches up to here are replays
  bool payloads_compressed_ = false;
  bool acks_stopped_ = false;
  bool silent_ = false;
  bool half_open_ = false;
  base::steady_time heartbeat_due_ = base::steady_time::max();  // 4009 at this time
  base::steady_time hold_until_ = base::steady_time::min();     // slow READY
  base::steady_time invalid_at_ = base::steady_time::max();     // the op 9 of an identify too soon
  base::steady_time close_at_ = base::steady_time::max();       // patience after op 7
  sliding_budget<120> budget_{std::chrono::seconds(60)};
  sliding_budget<5> presence_budget_{std::chrono::seconds(20)};
  std::unordered_map<id, base::steady_time> everybody_asked_;  // op 8 for all members, per guild
  std::string scratch_;
};

}  // namespace guildfleet::sim
