// The transitions of a rollout, each with what the audit log is told. For decide() and obey() alone: they say
// when.
#pragma once

#include <string>

#include "fleet/rollout.hpp"

namespace guildfleet::fleet {

class rollout_change final {
 public:
  rollout_change(rollout current, base::wall_time now) : next_(std::move(current)), now_(now) {}

  [[nodiscard]] const rollout& next() const { return next_; }
  [[nodiscard]] std::chrono::milliseconds in_state_for() const { return now_ - next_.since; }

  // A clock that ran back would make a state last for longer than it should.
  void follow_clock();
  void enter(rollout_state state, rollout_event_kind kind, std::string text);
  void note(rollout_event_kind kind, std::string text) { events_.push_back({kind, std::move(text)}); }
  void advance();  // moves the next step's share
  void promote_all(std::string text);
  void finish();
  void pause(std::string reason);
  void resume(std::string text);
  void move_back(std::string reason, bool by_person = false);
  void end_move_back();
  void abort(std::string reason);  // where nothing has moved
  void fail(std::string reason);
  void begin_again(std::string text);
  void stop_waiting(std::string text);   // for other bots
  void take_back(std::string_view who);  // becomes the rollout of the opposite direction

  [[nodiscard]] rollout_step take() && { return {std::move(next_), std::move(events_)}; }

 private:
  rollout next_;
  base::wall_time now_;
  std::vector<rollout_event> events_;
};

}  // namespace guildfleet::fleet
