// What happens when time passes.
#include <algorithm>
#include <fmt/format.h>

#include "discord/gateway/session.hpp"

namespace guildfleet::discord {
namespace {

constexpr base::steady_time never = base::steady_time::max();

}  // namespace

base::steady_time session_machine::next_wakeup() const {
  base::steady_time next = std::min(state_deadline(), silence_deadline());
  if (!has_connection()) return next;
  if (heartbeat_.running()) next = std::min(next, budget_.allowed_at(send_kind::heartbeat, heartbeat_.due()));
  if (state_ == session_state::live && !queue_.empty()) {
    next = std::min(next, budget_.allowed_at(send_kind::ordinary, state_since_));
  }
  return next;
}

void session_machine::on_tick(base::steady_time now) {
  if (is_over()) return;
  if (now >= state_deadline()) {
    on_state_deadline(now);
    return;
  }
  if (!has_connection()) return;
  if (heartbeat_.is_zombie(now)) {
    log(base::log_level::warn, "the gateway does not answer heartbeats, connecting anew");
    reconnect(zombie_connection, reconnect_pace::quick, now);
    return;
  }
  if (now >= heartbeat_.due() && budget_.allows(send_kind::heartbeat, now)) {
    send_heartbeat(now);
    heartbeat_.sent(now);
  }
  if (now >= silence_deadline()) {
    log(base::log_level::warn, "no event for too long although heartbeats are answered, connecting anew");
    reconnect(silent_connection, reconnect_pace::quick, now);
    return;
  }
  flush_queue(now);
}

base::steady_time session_machine::state_deadline() const {
  switch (state_) {
    case session_state::connecting:
      return state_since_ + settings_.connect_timeout;
    case session_state::awaiting_hello:
      return state_since_ + settings_.hello_timeout;
    case session_state::identifying:
      return state_since_ + settings_.ready_timeout;
    case session_state::resuming:
      return last_dispatch_.value_or(state_since_) + settings_.resume_timeout;
    case session_state::waiting:
      return wait_until_;
    default:
      return never;
  }
}

void session_machine::on_state_deadline(base::steady_time now) {
  switch (state_) {
    case session_state::waiting:
      connect_now(now);
      break;
    case session_state::connecting:
      actions_.emplace_back(act_close{close_keeping_session, "timed out"});
      on_connect_failed(now, "timed out");
      break;
    case session_state::awaiting_hello:
      reconnect("no Hello", reconnect_pace::backed_off, now);
      break;
    case session_state::identifying:
      reconnect("no READY", reconnect_pace::backed_off, now);
      break;
    case session_state::resuming:
      reconnect("no answer to RESUME", reconnect_pace::backed_off, now);
      break;
    default:
      break;
  }
}

base::steady_time session_machine::silence_deadline() const {
  const bool suspicious =
      settings_.silent_needs_dispatches != 0 && dispatches_ >= settings_.silent_needs_dispatches;
  if (state_ != session_state::live || !suspicious || !last_dispatch_) return never;
  return *last_dispatch_ + settings_.silent_after;
}

}  // namespace guildfleet::discord
