// Getting, losing and leaving connections.
#include <fmt/format.h>

#include "discord/gateway/session.hpp"

namespace guildfleet::discord {
namespace {

constexpr std::chrono::minutes quick_window{1};

}  // namespace

std::string gateway_connect_url(std::string_view url, compression transport) {
  const std::size_t query = url.find('?');
  const std::string_view path = url.substr(0, query);
  std::string result(path);
  const std::size_t scheme = path.find("://");
  const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  if (path.find('/', host) == std::string_view::npos) result += '/';
  result += "?v=10&encoding=json";
  const std::string_view compress = query_value_of(transport);
  if (!compress.empty()) result += fmt::format("&compress={}", compress);
  return result;
}

void session_machine::connect_now(base::steady_time now) {
  on_resume_url_ = session_ && resume_url_works_ && !session_->resume_url.empty();
  const std::string& url = on_resume_url_ ? session_->resume_url : settings_.gateway_url;
  enter(session_state::connecting, now);
  actions_.emplace_back(act_connect{gateway_connect_url(url, settings_.transport)});
}

void session_machine::connect_after(std::chrono::milliseconds pause, base::steady_time now) {
  enter(session_state::waiting, now);
  wait_until_ = now + pause;
}

// A connection that had become live is replaced at once: the outage is most likely only that connection's.
// What fails before that, or fails again and again, is backed off.
void session_machine::connect_soon(reconnect_pace pace, base::steady_time now) {
  if (pace == reconnect_pace::quick && was_live_ && take_quick_reconnect(now)) {
    connect_now(now);
    return;
  }
  connect_after(backoff_.next(random_), now);
}

bool session_machine::take_quick_reconnect(base::steady_time now) {
  if (now - quick_window_start_ >= quick_window) {
    quick_window_start_ = now;
    quick_reconnects_ = 0;
  }
  if (quick_reconnects_ >= settings_.quick_reconnects_per_minute) return false;
  ++quick_reconnects_;
  return true;
}

// After this the state is that of the lost connection; the caller moves on.
void session_machine::leave_connection() {
  if (state_ == session_state::awaiting_grant) actions_.emplace_back(act_cancel_identify{});
  heartbeat_.stop();
  budget_.reset();
}

void session_machine::close_connection(std::uint16_t code, std::string_view reason) {
  if (!has_connection() && state_ != session_state::connecting) return;
  actions_.emplace_back(act_close{code, std::string(reason)});
  leave_connection();
}

void session_machine::reconnect(std::string_view reason, reconnect_pace pace, base::steady_time now) {
  note_end_of_handshake(reason);
  close_connection(close_keeping_session, reason);
  connect_soon(pace, now);
}

// A resume that came to nothing may mean that the address or the session is no good any more.
void session_machine::note_end_of_handshake(std::string_view reason) {
  if (!session_) return;
  if (on_resume_url_ && (state_ == session_state::connecting || state_ == session_state::awaiting_hello)) {
    resume_url_works_ = false;
    log(base::log_level::warn, "the resume address does not answer, falling back to the main one",
        std::string(reason));
  }
  if (state_ == session_state::resuming && ++failed_resumes_ >= settings_.resume_attempts) {
    lose_session("resuming failed too often");
  }
}

void session_machine::lose_session(std::string_view reason) {
  if (!session_) return;
  session_.reset();
  failed_resumes_ = 0;
  actions_.emplace_back(act_session_lost{std::string(reason)});
}

void session_machine::fail(std::uint16_t close_code, base::error error, base::steady_time now) {
  lose_session(error.message());
  queue_.clear();
  enter(session_state::failed, now);
  actions_.emplace_back(act_fatal{close_code, std::move(error)});
}

void session_machine::on_connected(base::steady_time now) {
  if (state_ != session_state::connecting) return;
  budget_.reset();
  was_live_ = false;
  dispatches_ = 0;
  last_dispatch_.reset();
  enter(session_state::awaiting_hello, now);
}

void session_machine::on_connect_failed(base::steady_time now, std::string_view reason) {
  if (state_ != session_state::connecting) return;
  const bool try_main_at_once = on_resume_url_;
  note_end_of_handshake(reason);
  if (try_main_at_once) {
    connect_now(now);
    return;
  }
  const auto pause = backoff_.next(random_);
  log(base::log_level::warn, "cannot connect to the gateway, trying again",
      fmt::format("{}; pause {} ms", reason, pause.count()));
  connect_after(pause, now);
}

void session_machine::on_closed(std::uint16_t code, std::string_view reason, base::steady_time now) {
  if (!has_connection()) return;
  const close_reaction reaction = react_to_close(code);
  const bool was_resuming = state_ == session_state::resuming;
  log(base::log_level::info, "the gateway closed the connection",
      fmt::format("code {} ({}) {}", code, reaction.name, reason));
  note_identify_answer();
  note_end_of_handshake(reaction.name);
  leave_connection();
  if (reaction.step == next_step::fatal) {
    fail(code, fatal_close_error(code, settings_.intents, settings_.shard), now);
    return;
  }
  if (reaction.client_error && breaker_.record(now)) {
    fail(code,
         base::error(
             gateway_error::repeated_client_errors,
             fmt::format("shard {}, close code {} ({})", settings_.shard, code, reaction.name),
             "This is a mistake of guildfleet, not of the bot's settings: please report it with the log"),
         now);
    return;
  }
  // 1000 from the server is worth one try, which costs no identify.
  const bool refused = code == close_ending_session && was_resuming;
  if (reaction.step == next_step::identify || refused) lose_session(reaction.name);
  connect_soon(reaction.back_off ? reconnect_pace::backed_off : reconnect_pace::quick, now);
}

void session_machine::on_malformed(std::string_view what, base::steady_time now) {
  if (!has_connection()) return;
  log(base::log_level::warn, "the gateway sent something unreadable, connecting anew", std::string(what));
  reconnect("unreadable message", reconnect_pace::quick, now);
}

}  // namespace guildfleet::discord
