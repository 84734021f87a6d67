#include <array>

#include "fleet/error.hpp"
#include "fleet/rollout_change.hpp"
#include "fleet/rollout_step.hpp"

namespace guildfleet::fleet {
namespace {

constexpr std::array<std::string_view, 7> command_names{"pause",          "resume", "retry", "promote",
                                                        "promote --full", "abort",  "undo"};

// What can be done instead.
std::string fix_in(rollout_state state) {
  switch (state) {
    case rollout_state::starting:
      return "Start nodes of the new release, or abort it.";
    case rollout_state::moving:
    case rollout_state::observing:
      return "It goes on by itself; pause, promote --full or abort change that.";
    case rollout_state::promoting:
      return "It ends as soon as all have moved; pause or abort change that.";
    case rollout_state::paused:
      return "Resume it, promote --full, or abort it.";
    case rollout_state::rolling_back:
      return "Wait until it has moved back.";
    case rollout_state::done:
      return "Undo it, or start another one.";
    case rollout_state::rolled_back:
    case rollout_state::failed:
      return "Retry it, or start another one.";
    case rollout_state::aborted:
      return "Start another one.";
  }
  return {};
}

std::unexpected<base::error> refuse(const rollout& of, rollout_command command) {
  const std::string paused_in =
      of.state == rollout_state::paused ? fmt::format(" while {}", name_of(of.paused_in)) : std::string();
  return base::fail(fleet_error::rollout_command,
                    fmt::format("{}: the rollout of {} to release {} is {}{}", name_of(command), of.bot.value,
                                of.to, name_of(of.state), paused_in),
                    fix_in(of.state));
}

// The state as it is apart from a pause.
rollout_state going_on_in(const rollout& of) {
  return of.state == rollout_state::paused ? of.paused_in : of.state;
}

// False: it does not fit.
bool promote(rollout_change& change, std::string_view who) {
  const rollout& of = change.next();
  if (going_on_in(of) != rollout_state::observing) return false;
  change.note(rollout_event_kind::promoted, fmt::format("{} promotes it", who));
  if (of.step + 1 < of.steps.size())
    change.advance();
  else
    change.finish();
  return true;
}

bool promote_full(rollout_change& change, std::string_view who) {
  const rollout& of = change.next();
  const rollout_state state = going_on_in(of);
  if (state != rollout_state::moving && state != rollout_state::observing) return false;
  change.promote_all(fmt::format("{} moves all to release {} now", who, of.to));
  return true;
}

bool abort(rollout_change& change, std::string_view who) {
  const rollout& of = change.next();
  if (has_ended(of.state) || of.state == rollout_state::rolling_back) return false;
  std::string reason = fmt::format("{} aborts it", who);
  if (going_on_in(of) == rollout_state::starting)
    change.abort(std::move(reason));
  else
    change.move_back(std::move(reason), true);
  return true;
}

bool retry(rollout_change& change, std::string_view who) {
  const rollout& of = change.next();
  if (of.state != rollout_state::rolled_back && of.state != rollout_state::failed) return false;
  change.begin_again(fmt::format("{} tries release {} again, after: {}", who, of.to, of.reason));
  return true;
}

bool apply(rollout_change& change, rollout_command command, std::string_view who) {
  const rollout_state state = change.next().state;
  switch (command) {
    case rollout_command::pause:
      if (!may_pause(state)) return false;
      change.pause(fmt::format("{} pauses it", who));
      return true;
    case rollout_command::resume:
      if (state != rollout_state::paused) return false;
      change.resume(fmt::format("{} resumes it", who));
      return true;
    case rollout_command::retry:
      return retry(change, who);
    case rollout_command::promote:
      return promote(change, who);
    case rollout_command::promote_full:
      return promote_full(change, who);
    case rollout_command::abort:
      return abort(change, who);
    case rollout_command::undo:
      if (state != rollout_state::done) return false;
      change.take_back(who);
      return true;
  }
  return false;
}

}  // namespace

std::string_view name_of(rollout_command command) {
  return command_names[static_cast<std::size_t>(command)];
}

base::result<rollout_step> obey(const rollout& current, rollout_command command, std::string_view who,
                                base::wall_time now) {
  rollout_change change(current, now);
  if (!apply(change, command, who)) return refuse(current, command);
  return std::move(change).take();
}

}  // namespace guildfleet::fleet
