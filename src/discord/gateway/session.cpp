#include "discord/gateway/session.hpp"

#include <fmt/format.h>
#include <utility>

namespace guildfleet::discord {

std::string_view name_of(session_state state) {
  switch (state) {
    case session_state::idle:
      return "idle";
    case session_state::connecting:
      return "connecting";
    case session_state::awaiting_hello:
      return "awaiting hello";
    case session_state::standing_by:
      return "standing by";
    case session_state::awaiting_grant:
      return "awaiting identify";
    case session_state::identifying:
      return "identifying";
    case session_state::resuming:
      return "resuming";
    case session_state::live:
      return "live";
    case session_state::waiting:
      return "waiting";
    case session_state::stopped:
      return "stopped";
    case session_state::failed:
      return "failed";
  }
  return "unknown";
}

session_machine::session_machine(session_settings settings, std::optional<resume_point> resume,
                                 base::random_source& random)
    : settings_(std::move(settings)),
      random_(random),
      session_(std::move(resume)),
      backoff_(settings_.connect_backoff) {}

void session_machine::start(base::steady_time now) {
  if (state_ == session_state::idle) connect_now(now);
}

void session_machine::start_ahead(base::steady_time now) {
  held_back_ = true;
  start(now);
}

void session_machine::resume_from(resume_point point, base::steady_time now) {
  if (is_over()) return;
  held_back_ = false;
  const bool elsewhere = on_resume_url_ && session_ && session_->resume_url != point.resume_url;
  session_ = std::move(point);
  if (elsewhere) {
    reconnect("the session has another address", reconnect_pace::quick, now);
  } else if (state_ == session_state::standing_by) {
    enter(session_state::resuming, now);
    send_resume(now);
  }
}

void session_machine::stop(bool keep_session, base::steady_time now) {
  if (is_over()) return;
  close_connection(keep_session ? close_keeping_session : close_ending_session,
                   keep_session ? "handing over" : "going offline");
  if (!keep_session) session_.reset();
  queue_.clear();
  enter(session_state::stopped, now);
}

base::result<void> session_machine::send(std::string payload, base::steady_time now) {
  if (is_over()) return base::fail(gateway_error::session_over);
  if (payload.size() > largest_gateway_payload) {
    return base::fail(gateway_error::payload_too_large, fmt::format("{} bytes", payload.size()),
                      "Shorten the text, or split the request");
  }
  if (queue_.size() >= settings_.send_queue_limit) return base::fail(gateway_error::send_queue_full);
  queue_.push_back(std::move(payload));
  flush_queue(now);
  return {};
}

std::optional<session_action> session_machine::next_action() {
  if (actions_.empty()) return std::nullopt;
  std::optional<session_action> action(std::move(actions_.front()));
  actions_.pop_front();
  return action;
}

bool session_machine::is_over() const {
  return state_ == session_state::stopped || state_ == session_state::failed;
}

bool session_machine::has_connection() const {
  switch (state_) {
    case session_state::awaiting_hello:
    case session_state::standing_by:
    case session_state::awaiting_grant:
    case session_state::identifying:
    case session_state::resuming:
    case session_state::live:
      return true;
    default:
      return false;
  }
}

void session_machine::enter(session_state next, base::steady_time now) {
  state_ = next;
  state_since_ = now;
}

void session_machine::log(base::log_level level, std::string_view sentence, std::string detail) {
  actions_.emplace_back(act_log{level, sentence, std::move(detail)});
}

}  // namespace guildfleet::discord
