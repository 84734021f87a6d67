#include "fleet/rollout.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "fleet/error.hpp"
#include "fleet/guild_share.hpp"

namespace guildfleet::fleet {
namespace {

constexpr std::array<std::string_view, 3> strategy_names{"canary", "blue-green", "rolling"};
constexpr std::array<std::string_view, 10> state_names{
    "starting",     "moving", "observing",   "paused",  "promoting",
    "rolling_back", "done",   "rolled_back", "aborted", "failed"};
constexpr std::array<std::string_view, 8> event_names{"started", "moving",   "observing",   "paused",
                                                      "resumed", "promoted", "moving_back", "ended"};

template <class Enum, std::size_t Size>
std::optional<Enum> value_named(const std::array<std::string_view, Size>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

// More would only add pauses between moves.
constexpr std::uint32_t most_rolling_steps = 10;
// A rolling step is looked at, not judged at length.
constexpr std::chrono::milliseconds rolling_pause{10'000};

std::vector<double> rolling_steps(std::uint32_t shards) {
  const std::uint32_t count = std::clamp(shards, 1U, most_rolling_steps);
  std::vector<double> steps;
  for (std::uint32_t i = 1; i <= count; ++i) {
    const std::uint32_t whole = (std::max(shards, 1U) * i + count - 1) / count;
    steps.push_back(static_cast<double>(whole) / std::max(shards, 1U));
  }
  return steps;
}

std::vector<double> default_steps(const rollout_wish& wish, std::uint32_t shards) {
  switch (wish.strategy) {
    case rollout_strategy::blue_green:
      return {1};
    case rollout_strategy::rolling:
      return rolling_steps(shards);
    case rollout_strategy::canary:
      break;
  }
  std::vector<double> steps{0.05, 0.25, 0.5, 1};
  if (!wish.chosen.empty()) steps.insert(steps.begin(), 0);
  return steps;
}

base::result<void> refuse(const rollout& plan, std::string what, std::string fix) {
  return base::fail(fleet_error::rollout_settings, fmt::format("bot {}: {}", plan.bot.value, what),
                    std::move(fix));
}

bool ascends(const std::vector<double>& steps) {
  return std::ranges::adjacent_find(steps, [](double one, double next) { return !(one < next); }) ==
         steps.end();
}

bool sound(const rollout_limits& limits) {
  const std::chrono::milliseconds none{0};
  return limits.pause >= none && limits.observe >= limits.pause && limits.move > none &&
         limits.start > none && limits.capacity >= 0 && std::isfinite(limits.capacity);
}

}  // namespace

std::string_view name_of(rollout_strategy strategy) {
  return strategy_names[static_cast<std::size_t>(strategy)];
}
std::optional<rollout_strategy> strategy_named(std::string_view name) {
  return value_named<rollout_strategy>(strategy_names, name);
}
std::string_view name_of(rollout_state state) {
  return state_names[static_cast<std::size_t>(state)];
}
std::optional<rollout_state> state_named(std::string_view name) {
  return value_named<rollout_state>(state_names, name);
}
std::string_view name_of(rollout_event_kind kind) {
  return event_names[static_cast<std::size_t>(kind)];
}

bool has_ended(rollout_state state) {
  switch (state) {
    case rollout_state::done:
    case rollout_state::rolled_back:
    case rollout_state::aborted:
    case rollout_state::failed:
      return true;
    default:
      return false;
  }
}

bool may_pause(rollout_state state) {
  return !has_ended(state) && state != rollout_state::paused && state != rollout_state::rolling_back;
}

base::result<void> validate(const rollout& plan) {
  if (plan.bot.value.empty() || plan.from.empty() || plan.to.empty())
    return refuse(plan, "a rollout needs a bot and two releases", "Name the release with --to.");
  if (plan.from == plan.to)
    return refuse(plan, fmt::format("it is on release {} already", plan.to),
                  "Name another release with --to.");
  const std::vector<double>& steps = plan.steps;
  if (steps.empty() || !ascends(steps) || !(steps.front() >= 0) || steps.back() != 1)
    return refuse(plan, "the steps are not ascending shares up to 100 %",
                  "Write for example 5%,25%,50%,100%.");
  if (steps.front() == 0 && plan.chosen.empty())
    return refuse(plan, "a step of 0 % moves nothing", "Leave it out, or name guilds with --guilds.");
  if (!plan.chosen.empty() && plan.strategy != rollout_strategy::canary)
    return refuse(plan, "chosen guilds go first in a canary only",
                  "Use --strategy canary, or leave --guilds out.");
  if (plan.strategy == rollout_strategy::blue_green && steps.size() != 1)
    return refuse(plan, "blue-green has one step", "Leave --steps out, or use --strategy canary.");
  if (!sound(plan.limits))
    return refuse(plan, "its time limits cannot work",
                  "Choose positive times, the observation no shorter than the pause.");
  if (plan.step >= steps.size())
    return refuse(plan, "it stands at a step that it does not have", "Start it anew.");
  return {};
}

base::result<rollout> plan_rollout(const rollout_wish& wish, std::uint32_t shards, base::wall_time now) {
  rollout plan{.bot = wish.bot, .from = wish.from, .to = wish.to, .strategy = wish.strategy};
  plan.steps = wish.steps.empty() ? default_steps(wish, shards) : wish.steps;
  plan.chosen = wish.chosen;
  plan.salt = share_salt(wish.bot.value, wish.to);
  plan.limits = wish.limits;
  plan.limits.pause = wish.pause.value_or(
      wish.strategy == rollout_strategy::rolling ? rolling_pause : rollout_limits{}.pause);
  plan.limits.observe = wish.observe.value_or(3 * plan.limits.pause);
  plan.thresholds = wish.thresholds;
  plan.since = now;
  plan.started_by = wish.started_by;
  plan.after = wish.after;
  plan.started_at = now;
  if (auto valid = validate(plan); !valid) return std::unexpected(std::move(valid).error());
  return plan;
}

placement placement_of(const rollout& of) {
  switch (of.state == rollout_state::paused ? of.paused_in : of.state) {
    case rollout_state::moving:
    case rollout_state::observing:
      return of.steps[of.step] < 1 ? placement{of.steps[of.step], of.chosen} : placement{1, {}};
    case rollout_state::promoting:
    case rollout_state::done:
      return {1, {}};
    default:
      return {};
  }
}

const std::string& settled_release(const rollout& of) {
  return of.state == rollout_state::done ? of.to : of.from;
}

std::string percent(double share) {
  return fmt::format("{:.4g} %", share * 100);
}

}  // namespace guildfleet::fleet
