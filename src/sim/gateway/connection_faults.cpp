// The faults that one connection can be told to make.
#include "sim/gateway/gateway_hub.hpp"
#include "sim/gateway/protocol.hpp"

namespace guildfleet::sim {

void gateway_connection::send_reconnect(base::steady_time now) {
  if (state_ == state::closed) return;
  send_control(opcode::reconnect, "null");
  if (session_ != nullptr) session_->reconnect_sent = now;
  close_at_ = now + hub_.settings().reconnect_grace;
  output_.wake();
}

void gateway_connection::invalidate(bool resumable) {
  if (state_ == state::closed) return;
  send_control(opcode::invalid_session, resumable ? "true" : "false");
  state_ = state::waiting;
  gateway_session* session = std::exchange(session_, nullptr);
  if (session != nullptr) hub_.detach(*session, resumable, hub_.clock().steady_now());
}

void gateway_connection::go_half_open() {
  if (state_ == state::closed) return;
  half_open_ = true;
  heartbeat_due_ = hub_.clock().steady_now() + hub_.settings().session_keep;
  output_.freeze();
}

void gateway_connection::set_silent(bool silent) {
  silent_ = silent;
  output_.wake();
}

void gateway_connection::request_heartbeat() {
  if (state_ != state::closed) send_control(opcode::heartbeat, "null");
}

void gateway_connection::repeat_last(std::size_t count) {
  if (state_ != state::ready || session_ == nullptr || half_open_) return;
  const std::uint64_t first = cursor_ > count ? cursor_ - count + 1 : 1;
  for (std::uint64_t sequence = first; sequence <= cursor_; ++sequence)
    if (const event_body* body = session_->ring.find(sequence)) send_dispatch(*body, sequence);
  output_.wake();
}

void gateway_connection::send_unknown_event() {
  if (state_ != state::ready || session_ == nullptr) return;
  session_->ring.push(make_event_body("GUILDFLEET_SIM_UNKNOWN", {{"anything", {1, "two", nullptr}}}));
  output_.wake();
}

}  // namespace guildfleet::sim
