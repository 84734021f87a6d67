#include "fleet/rollout_change.hpp"

#include "fleet/guild_share.hpp"

namespace guildfleet::fleet {

void rollout_change::follow_clock() {
  if (now_ < next_.since) next_.since = now_;
}

void rollout_change::enter(rollout_state state, rollout_event_kind kind, std::string text) {
  next_.state = state;
  next_.since = now_;
  events_.push_back({kind, std::move(text)});
}

void rollout_change::advance() {
  ++next_.step;
  next_.reason.clear();
  enter(
      rollout_state::moving, rollout_event_kind::moving,
      fmt::format("moving {} from release {} to {}", percent(next_.steps[next_.step]), next_.from, next_.to));
}

void rollout_change::promote_all(std::string text) {
  next_.step = static_cast<std::uint32_t>(next_.steps.size() - 1);
  next_.reason.clear();
  enter(rollout_state::promoting, rollout_event_kind::promoted, std::move(text));
}

void rollout_change::finish() {
  next_.reason.clear();
  enter(rollout_state::done, rollout_event_kind::ended, fmt::format("release {} serves all", next_.to));
}

void rollout_change::pause(std::string reason) {
  next_.paused_in = next_.state;
  next_.reason = std::move(reason);
  enter(rollout_state::paused, rollout_event_kind::paused, next_.reason);
}

void rollout_change::resume(std::string text) {
  next_.reason.clear();
  enter(next_.paused_in, rollout_event_kind::resumed, std::move(text));
}

void rollout_change::move_back(std::string reason, bool by_person) {
  next_.by_person = by_person;
  next_.reason = std::move(reason);
  enter(rollout_state::rolling_back, rollout_event_kind::moving_back,
        fmt::format("moving back to release {}: {}", next_.from, next_.reason));
}

void rollout_change::end_move_back() {
  enter(next_.by_person ? rollout_state::aborted : rollout_state::rolled_back, rollout_event_kind::ended,
        fmt::format("release {} serves all again: {}", next_.from, next_.reason));
}

void rollout_change::abort(std::string reason) {
  next_.by_person = true;
  next_.reason = std::move(reason);
  enter(rollout_state::aborted, rollout_event_kind::ended, next_.reason);
}

void rollout_change::fail(std::string reason) {
  next_.reason = std::move(reason);
  enter(rollout_state::failed, rollout_event_kind::ended, next_.reason);
}

void rollout_change::begin_again(std::string text) {
  next_.step = 0;
  next_.by_person = false;
  next_.reason.clear();
  ++next_.attempt;
  enter(rollout_state::starting, rollout_event_kind::started, std::move(text));
}

void rollout_change::take_back(std::string_view who) {
  std::swap(next_.from, next_.to);
  next_.strategy = rollout_strategy::blue_green;
  next_.steps = {1};
  next_.chosen.clear();
  next_.salt = share_salt(next_.bot.value, next_.to);
  next_.undo = true;
  next_.step = 0;
  next_.attempt = 1;
  next_.by_person = false;
  next_.reason.clear();
  next_.started_by = who;
  next_.started_at = now_;
  enter(rollout_state::starting, rollout_event_kind::started,
        fmt::format("{} takes release {} back for {}", who, next_.from, next_.to));
}

void rollout_change::stop_waiting(std::string text) {
  next_.after.clear();
  enter(rollout_state::starting, rollout_event_kind::started, std::move(text));
}

}  // namespace guildfleet::fleet
