#include "fleet/reshard.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

#include "fleet/error.hpp"

namespace guildfleet::fleet {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 7> state_names{"gathering", "connecting", "cutting", "closing",
                                                      "done",      "aborting",   "aborted"};
constexpr std::array<std::string_view, 7> event_names{"started", "connecting", "moved", "cutting",
                                                      "closing", "aborting",   "ended"};

reshard_step enter(const reshard& current, reshard_state state, base::wall_time now, reshard_event event) {
  reshard_step step{current, {std::move(event)}};
  step.next.state = state;
  step.next.since = now;
  return step;
}

reshard_step give_up(const reshard& current, std::string reason, base::wall_time now) {
  reshard_step step = enter(current, reshard_state::aborting, now,
                            {reshard_event_kind::aborting, "the new shards are closed again: " + reason});
  step.next.reason = std::move(reason);
  return step;
}

// Nothing was begun that would have to be closed.
reshard_step leave_as_it_is(const reshard& current, std::string reason, base::wall_time now) {
  reshard_step step = enter(
      current, reshard_state::aborted, now,
      {reshard_event_kind::ended, fmt::format("the bot keeps its {} shards: {}", current.from, reason)});
  step.next.reason = std::move(reason);
  return step;
}

reshard_step when_gathering(const reshard& current, const reshard_view& view, base::wall_time now) {
  if (!view.home_stays)
    return leave_as_it_is(
        current, fmt::format("node {}, which was to run both sets, is gone or drains", current.home.name),
        now);
  if (view.old_at_home >= current.from)
    return enter(current, reshard_state::connecting, now,
                 {reshard_event_kind::connecting,
                  fmt::format("node {} runs the bot alone; the new shards connect", current.home.name)});
  if (now - current.since > current.limits.gather)
    return leave_as_it_is(current,
                          fmt::format("only {} of {} shards came to node {} in time", view.old_at_home,
                                      current.from, current.home.name),
                          now);
  return {current};
}

reshard_step when_connecting(const reshard& current, const reshard_view& view, base::wall_time now) {
  if (view.all_heard && view.fresh_whole >= current.to)
    return enter(current, reshard_state::cutting, now,
                 {reshard_event_kind::cutting,
                  fmt::format("all {} new shards are there; guilds go over to them", current.to)});
  if (view.fresh_refused > 0)
    return give_up(current,
                   fmt::format("Discord refused a new shard; the log of node {} says why", current.home.name),
                   now);
  if (now - current.since > current.limits.connect + current.identify_time)
    return give_up(current,
                   fmt::format("only {} of {} new shards were there in time", view.fresh_whole, current.to),
                   now);
  return {current};
}

reshard_step when_cutting(const reshard& current, const reshard_view& view, base::wall_time now) {
  if (!view.all_heard || view.guilds_left > 0 || view.unsettled > 0) return {current};
  return enter(current, reshard_state::closing, now,
               {reshard_event_kind::closing, "all guilds went over; the old shards are closed"});
}

reshard_step decide_now(const reshard& current, const reshard_view& view, base::wall_time now) {
  switch (current.state) {
    case reshard_state::gathering:
      return when_gathering(current, view, now);
    case reshard_state::connecting:
      return when_connecting(current, view, now);
    case reshard_state::cutting:
      return when_cutting(current, view, now);
    case reshard_state::closing:
      if (view.old_owned > 0 || !view.all_heard || view.unsettled > 0) return {current};
      return enter(current, reshard_state::done, now,
                   {reshard_event_kind::ended, fmt::format("the bot has {} shards", current.to)});
    case reshard_state::aborting:
      if (view.fresh_owned > 0) return {current};
      return enter(
          current, reshard_state::aborted, now,
          {reshard_event_kind::ended, fmt::format("the bot has its {} shards as before", current.from)});
    case reshard_state::done:
    case reshard_state::aborted:
      break;
  }
  return {current};
}

std::unexpected<base::error> not_enough(const reshard_plan& plan, const session_start_limit& limit) {
  const std::string& bot = plan.operation.bot.value;
  if (limit.total < plan.identifies + plan.floor)
    return base::fail(fleet_error::identify_budget, bot,
                      fmt::format("{} new shards need {} identifies, and Discord allows the bot {} a day, of "
                                  "which {} are kept back for restarts: so many shards are never possible.",
                                  plan.operation.to, plan.identifies, limit.total, plan.floor));
  return base::fail(
      fleet_error::identify_budget, bot,
      fmt::format(
          "{} new shards need {} identifies; of today's {} are {} left, of which {} are kept back for "
          "restarts. The budget is renewed in {} minutes: try again then.",
          plan.operation.to, plan.identifies, limit.total, limit.remaining, plan.floor,
          std::chrono::ceil<std::chrono::minutes>(limit.reset_after).count()));
}

}  // namespace

std::string_view name_of(reshard_state state) {
  return state_names[static_cast<std::size_t>(state)];
}

std::optional<reshard_state> reshard_state_named(std::string_view name) {
  const auto* found = std::ranges::find(state_names, name);
  if (found == state_names.end()) return std::nullopt;
  return static_cast<reshard_state>(found - state_names.begin());
}

std::string_view name_of(reshard_event_kind kind) {
  return event_names[static_cast<std::size_t>(kind)];
}

bool has_ended(reshard_state state) {
  return state == reshard_state::done || state == reshard_state::aborted;
}

milliseconds identify_time(std::uint32_t shards, std::uint32_t max_concurrency,
                           const identify_settings& settings) {
  if (shards == 0) return milliseconds(0);
  const std::uint32_t buckets = std::max(1U, max_concurrency);
  const std::uint32_t turns = (shards + buckets - 1) / buckets;
  return (turns - 1) * (settings.spacing + settings.margin);
}

base::result<reshard_plan> plan_reshard(const reshard_wish& wish, const session_start_limit& limit,
                                        const identify_settings& identifies, base::wall_time now) {
  if (wish.to == 0 || wish.to == wish.from)
    return base::fail(fleet_error::reshard_settings,
                      wish.to == wish.from
                          ? fmt::format("bot {} has {} already", wish.bot.value, wish.from)
                          : fmt::format("bot {} has {} and is to have none", wish.bot.value, wish.from),
                      "Give another number of shards, at least 1.");
  reshard_plan plan{.operation = {.bot = wish.bot,
                                  .from = wish.from,
                                  .to = wish.to,
                                  .limits = wish.limits,
                                  .home = wish.home,
                                  .home_since = now,
                                  .since = now,
                                  .started_by = wish.started_by,
                                  .started_at = now},
                    .identifies = wish.to,
                    .identify_time = identify_time(wish.to, limit.max_concurrency, identifies)};
  plan.operation.identify_time = plan.identify_time;
  // The floor that the gate gives these very shards: what the plan lets pass the gate lets pass.
  plan.floor = identify_floor(limit, wish.to, identifies.floor_share);
  if (limit.remaining < plan.identifies + plan.floor) return not_enough(plan, limit);
  plan.left_after = limit.remaining - plan.identifies;
  return plan;
}

reshard_event started_event(const reshard_plan& plan) {
  return {
      reshard_event_kind::started,
      fmt::format("from {} to {} shards on node {}, {} identifies, {} left of the day's", plan.operation.from,
                  plan.operation.to, plan.operation.home.name, plan.identifies, plan.left_after)};
}

reshard_step decide(const reshard& current, const reshard_view& view, base::wall_time now) {
  if (now >= current.since || has_ended(current.state)) return decide_now(current, view, now);
  reshard_step step{current};
  step.next.since = now;
  return step;
}

reshard_step move_home(const reshard& current, const store::node_identity& to, base::wall_time now) {
  reshard_step step{current,
                    {{reshard_event_kind::moved, fmt::format("node {} goes on with it in place of node {}",
                                                             to.name, current.home.name)}}};
  step.next.home = to;
  step.next.home_since = now;
  return step;
}

bool keeps_others_out(const reshard& of) {
  return of.state != reshard_state::gathering && !has_ended(of.state);
}

base::result<reshard_step> abort(const reshard& current, std::string_view who, base::wall_time now) {
  const std::string reason = fmt::format("{} wants it", who);
  if (current.state == reshard_state::gathering) return leave_as_it_is(current, reason, now);
  if (current.state == reshard_state::connecting) return give_up(current, reason, now);
  const bool ended = has_ended(current.state);
  return base::fail(
      fleet_error::reshard_command,
      fmt::format("bot {} changes from {} to {} shards and is {}", current.bot.value, current.from,
                  current.to, name_of(current.state)),
      ended ? "It has ended." : "Guilds went over already: let it end, then go back with another one.");
}

reshard_duty duty_of(const reshard& of, base::wall_time now) {
  switch (of.state) {
    case reshard_state::gathering:
      break;
    case reshard_state::connecting:
      return {.old_set = true, .fresh_set = true};
    case reshard_state::cutting:
      return {.old_set = true, .fresh_set = true, .cuts = true, .guesses = now - of.since > of.limits.cut};
    case reshard_state::closing:
    case reshard_state::done:
      return {.fresh_set = true};
    case reshard_state::aborting:
    case reshard_state::aborted:
      break;
  }
  return {.old_set = true};
}

std::uint32_t settled_count(const reshard& of) {
  return of.state == reshard_state::aborting || of.state == reshard_state::aborted ? of.from : of.to;
}

}  // namespace guildfleet::fleet
