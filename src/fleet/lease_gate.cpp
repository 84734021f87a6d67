#include "fleet/lease_gate.hpp"

#include <utility>

namespace guildfleet::fleet {

after_acquire lease_gate::acquired(std::uint64_t epoch, boot_time deadline) {
  const bool same_owner = epoch == epoch_;
  const lease_state before = state_;
  epoch_ = epoch;
  deadline_ = deadline;
  state_ = lease_state::held;
  if (before == lease_state::held && same_owner) {
    return held_.empty() ? after_acquire::go_on : after_acquire::replay;
  }
  forget_held();
  return after_acquire::resume_from_ledger;
}

void lease_gate::lost() {
  state_ = lease_state::lost;
  forget_held();
}

event_verdict lease_gate::admit(std::string_view message, boot_time now) {
  switch (state_) {
    case lease_state::held:
      // Behind held events order would be lost, so later ones queue up until take_held().
      return permits(now) && held_.empty() ? event_verdict::act : hold(message);
    case lease_state::none:
    case lease_state::holding:
    case lease_state::overflowed:
    case lease_state::lost:
      break;
  }
  return event_verdict::drop;
}

event_verdict lease_gate::hold(std::string_view message) {
  if (held_.size() >= limits_.max_events || message.size() > limits_.max_bytes - held_bytes_) {
    forget_held();
    state_ = lease_state::overflowed;
    return event_verdict::drop_connection;
  }
  held_.emplace_back(message);
  held_bytes_ += message.size();
  return event_verdict::held;
}

std::vector<std::string> lease_gate::take_held() {
  held_bytes_ = 0;
  return std::exchange(held_, {});
}

lease_state lease_gate::state(boot_time now) const {
  return state_ == lease_state::held && now >= deadline_ ? lease_state::holding : state_;
}

void lease_gate::forget_held() {
  static_cast<void>(take_held());
}

}  // namespace guildfleet::fleet
