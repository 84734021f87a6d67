// The life of one gateway session without any I/O (protocol sheet 1.4 to 1.12).
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "discord/gateway/circuit_breaker.hpp"
#include "discord/gateway/close_code.hpp"
#include "discord/gateway/envelope.hpp"
#include "discord/gateway/heartbeat.hpp"
#include "discord/gateway/inflater.hpp"
#include "discord/gateway/send_budget.hpp"
#include "discord/gateway/session_actions.hpp"

namespace guildfleet::discord {

struct session_settings {
  base::secret token;  // without "Bot "
  intent_set intents;
  shard_id shard;
  std::string gateway_url;  // of GET /gateway/bot, without query
  compression transport = compression::none;
  std::string presence_json;  // Identify's presence as JSON; empty: none

  std::chrono::milliseconds connect_timeout{20'000};
  std::chrono::milliseconds hello_timeout{20'000};
  // READY may be late while Discord has an outage; identifying again would only use up the budget.
  std::chrono::milliseconds ready_timeout{300'000};
  // Without any dispatch while a RESUME is being answered.
  std::chrono::milliseconds resume_timeout{60'000};
  // Without any dispatch in a live session that had traffic before: Discord sometimes forgets a shard.
  std::chrono::milliseconds silent_after{600'000};
  // This many dispatches on a connection make silence suspicious; 0 turns the detection off.
  std::uint32_t silent_needs_dispatches = 10;
  // Reconnects without a pause, after connections that had become live; more are backed off.
  std::uint32_t quick_reconnects_per_minute = 30;
  // Resumes that may fail (op 9 true, no answer, closed) one after another before the session is given up.
  std::uint32_t resume_attempts = 4;
  std::size_t send_queue_limit = 256;
  base::backoff_settings connect_backoff;
};

// What is needed to RESUME.
struct resume_point {
  std::string session_id;
  std::string resume_url;
  std::uint64_t sequence = 0;
};

enum class session_state : std::uint8_t {
  idle,            // before start
  connecting,      // waits for on_connected
  awaiting_hello,  // connected
  standing_by,     // Hello came; resume_from() is waited for
  awaiting_grant,  // Hello came, the identify gate is being asked
  identifying,     // waits for READY
  resuming,        // events are being replayed; waits for RESUMED
  live,            // READY or RESUMED came
  waiting,         // pause before the next connection
  stopped,         // by stop()
  failed,          // by a fatal close or the circuit breaker
};
[[nodiscard]] std::string_view name_of(session_state state);

// One per shard, on one thread. The shell loops: feed an input, then perform actions until next_action() is
// empty, in order; and call on_tick at next_wakeup(). Inputs never call back. Time is monotonic: a jump of
// the wall clock does not matter.
class session_machine final {
 public:
  enum class verdict : std::uint8_t {
    dispatch,   // an event for the router; READY and RESUMED too, after the machine has noted them
    handled,    // the machine's own business
    malformed,  // broken; the machine reconnects
  };

  // `resume` comes from the ledger, its sequence being the low watermark. `random` must outlive the machine.
  session_machine(session_settings settings, std::optional<resume_point> resume, base::random_source& random);

  void start(base::steady_time now);
  // Connects ahead of time, for a session that another still holds: stays before the RESUME, which costs that
  // one nothing, until resume_from(). How long is the caller's to say. Needs a resume point.
  void start_ahead(base::steady_time now);
  // The other one is done: resumes from here, on the connection that is there or coming.
  void resume_from(resume_point point, base::steady_time now);
  void on_connected(base::steady_time now);
  void on_connect_failed(base::steady_time now, std::string_view reason);
  void on_identify_granted(base::steady_time now);
  [[nodiscard]] verdict on_message(const envelope& message, base::steady_time now);
  // What came cannot be read (inflater or envelope failed).
  void on_malformed(std::string_view what, base::steady_time now);
  // The peer closed or the connection broke (code 0). Not for connections ended by act_close.
  void on_closed(std::uint16_t code, std::string_view reason, base::steady_time now);
  void on_tick(base::steady_time now);

  // Ends. With keep_session the session can be resumed by a successor for some minutes; otherwise the bot
  // goes offline.
  void stop(bool keep_session, base::steady_time now);

  // Presence, voice state, member requests: `payload` is the whole message. Kept until the budget allows it
  // and the session is live. Errors: payload_too_large, send_queue_full, session_over.
  [[nodiscard]] base::result<void> send(std::string payload, base::steady_time now);

  [[nodiscard]] std::optional<session_action> next_action();
  [[nodiscard]] bool has_actions() const { return !actions_.empty(); }
  // time_point::max() when there is nothing to wait for.
  [[nodiscard]] base::steady_time next_wakeup() const;

  [[nodiscard]] session_state state() const { return state_; }
  // Stopped or failed: nothing brings it back.
  [[nodiscard]] bool is_over() const;
  // For the ledger: nullopt without a session. The sequence is the last received one.
  [[nodiscard]] std::optional<resume_point> current_resume_point() const { return session_; }
  [[nodiscard]] std::uint64_t last_sequence() const { return session_ ? session_->sequence : 0; }
  // From the last heartbeat to its ACK.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> latency() const { return heartbeat_.latency(); }
  [[nodiscard]] std::size_t send_queue_depth() const { return queue_.size(); }
  // Of the last dispatch on this connection.
  [[nodiscard]] std::optional<base::steady_time> last_dispatch_at() const { return last_dispatch_; }

 private:
  [[nodiscard]] bool has_connection() const;
  void log(base::log_level level, std::string_view sentence, std::string detail = {});

  // quick: at once where the connection had become live.
  enum class reconnect_pace : std::uint8_t { quick, backed_off };

  void enter(session_state next, base::steady_time now);

  // session_connect.cpp
  void connect_now(base::steady_time now);
  void connect_after(std::chrono::milliseconds pause, base::steady_time now);
  void connect_soon(reconnect_pace pace, base::steady_time now);
  [[nodiscard]] bool take_quick_reconnect(base::steady_time now);
  void leave_connection();
  void close_connection(std::uint16_t code, std::string_view reason);
  void reconnect(std::string_view reason, reconnect_pace pace, base::steady_time now);
  void note_end_of_handshake(std::string_view reason);
  void lose_session(std::string_view reason);
  void fail(std::uint16_t close_code, base::error error, base::steady_time now);

  // session_protocol.cpp
  [[nodiscard]] verdict on_dispatch(const envelope& message, base::steady_time now);
  [[nodiscard]] verdict on_hello(const envelope& message, base::steady_time now);
  [[nodiscard]] bool on_ready(const envelope& message, base::steady_time now);
  void on_invalid_session(bool resumable, base::steady_time now);
  void note_identify_answer();
  void become_live(base::steady_time now);
  void send_identify(base::steady_time now);
  void send_resume(base::steady_time now);
  void send_heartbeat(base::steady_time now);
  void send_requested_heartbeat(base::steady_time now);
  void send_now(base::secret payload, send_kind kind, base::steady_time now);
  void flush_queue(base::steady_time now);

  // session_timers.cpp
  [[nodiscard]] base::steady_time state_deadline() const;
  void on_state_deadline(base::steady_time now);
  [[nodiscard]] base::steady_time silence_deadline() const;

  session_settings settings_;
  base::random_source& random_;
  session_state state_ = session_state::idle;
  std::deque<session_action> actions_;
  std::optional<resume_point> session_;
  bool resume_url_works_ = true;
  bool on_resume_url_ = false;  // the current connection or attempt
  bool was_live_ = false;       // the current connection
  bool held_back_ = false;      // start_ahead(), and no resume_from() yet
  std::uint32_t failed_resumes_ = 0;
  base::steady_time state_since_{};
  base::steady_time wait_until_{};
  std::optional<base::steady_time> last_dispatch_;
  std::uint32_t dispatches_ = 0;  // on this connection
  heartbeat heartbeat_;
  send_budget budget_;
  std::deque<std::string> queue_;
  base::backoff backoff_;
  circuit_breaker breaker_;
  base::steady_time quick_window_start_{};
  std::uint32_t quick_reconnects_ = 0;
};

// `url` with version, encoding and compression in its query; works with and without a trailing slash or a
// query.
[[nodiscard]] std::string gateway_connect_url(std::string_view url, compression transport);

}  // namespace guildfleet::discord
