#include "fleet/rollout_step.hpp"

#include <algorithm>
#include <cmath>

#include "base/count_text.hpp"
#include "fleet/guild_share.hpp"
#include "fleet/rollout_change.hpp"

namespace guildfleet::fleet {
namespace {

using std::chrono::milliseconds;

release_strength strength_of(const rollout_view& view, const std::string& release) {
  const auto found = view.strengths.find(release);
  return found == view.strengths.end() ? release_strength{} : found->second;
}

bool enough_capacity(const rollout& of, double share, const rollout_view& view) {
  const release_strength fresh = strength_of(view, of.to);
  const release_strength old = strength_of(view, of.from);
  return fresh.nodes > 0 && fresh.weight >= of.limits.capacity * share * old.weight;
}

std::string capacity_text(const rollout& of, double share, const rollout_view& view) {
  return fmt::format("release {} has {} of weight {}, too few for {} beside the old release's {}", of.to,
                     base::count_text(strength_of(view, of.to).nodes, "node"),
                     strength_of(view, of.to).weight, percent(share), strength_of(view, of.from).weight);
}

// The shards that are not where the placement wants them, and the share of guilds that is not delegated yet.
struct gap {
  std::vector<std::uint32_t> shards;
  bool delegation = false;

  [[nodiscard]] bool none() const { return shards.empty() && !delegation; }
};

bool chosen_reached(const rollout& of, const placement& wanted, const rollout_view& view) {
  if (of.chosen.empty() || wanted.share >= 1) return true;
  return wanted.chosen.empty() ? view.delegation.chosen == 0 : view.delegation.chosen >= wanted.chosen.size();
}

gap gap_of(const rollout& of, const rollout_view& view) {
  const placement wanted = placement_of(of);
  const auto count = static_cast<std::uint32_t>(view.owners.size());
  const release_places places = places_at(count, of.salt, wanted.share);
  const bool old_lives = strength_of(view, of.from).nodes > 0;
  gap out;
  for (std::uint32_t shard = 0; shard < count; ++shard) {
    const std::string& owner = view.owners[shard];
    // Without a node of the old release its shards are served by whoever lives.
    const bool right =
        !owner.empty() && (places.whole[shard] ? owner == of.to : owner != of.to || !old_lives);
    if (!right) out.shards.push_back(shard);
  }
  const bool share_reached = std::abs(view.delegation.share - places.delegated_share) < 1e-6;
  const bool by_others = !old_lives && wanted.share > 0;
  out.delegation = count == 0 || (!by_others && !(share_reached && chosen_reached(of, wanted, view)));
  return out;
}

std::string text_of(const gap& missing) {
  std::string text;
  if (!missing.shards.empty()) {
    text = fmt::format("{} elsewhere, among them shard {}", base::count_text(missing.shards.size(), "shard"),
                       missing.shards.front());
    if (missing.delegation) text += ", and ";
  }
  if (missing.delegation) text += "guilds are not delegated as they should be";
  return text;
}

// A bad verdict, or one that misses a node, about what is placed now. Empty: none.
std::string failure_judged(const rollout& of, const rollout_view& view) {
  if (of.undo || view.judged.window_from != of.since) return {};
  switch (view.judged.says.kind) {
    case verdict_kind::bad:
      return view.judged.says.reason.empty() ? std::string("it was judged bad") : view.judged.says.reason;
    case verdict_kind::missing:
      return fmt::format("no data: {}", view.judged.says.reason);
    default:
      return {};
  }
}

void start_when_ready(rollout_change& change, const rollout_view& view) {
  const rollout& of = change.next();
  const double share = of.undo ? 1 : of.steps[of.step];
  if (enough_capacity(of, share, view)) {
    change.enter(of.undo ? rollout_state::promoting : rollout_state::moving, rollout_event_kind::moving,
                 fmt::format("moving {} from release {} to {}", percent(share), of.from, of.to));
    return;
  }
  if (change.in_state_for() >= of.limits.start) change.fail(capacity_text(of, share, view));
}

void next_step(rollout_change& change) {
  const rollout& of = change.next();
  if (of.step + 1 >= of.steps.size())
    change.finish();
  else
    change.advance();
}

// Whether the shares are reached yet; a move that takes too long has failed.
void follow_move(rollout_change& change, const rollout_view& view) {
  const rollout& of = change.next();
  const gap missing = gap_of(of, view);
  if (missing.none()) {
    if (of.state == rollout_state::promoting)
      change.finish();
    else
      change.enter(rollout_state::observing, rollout_event_kind::observing,
                   fmt::format("release {} serves {}", of.to, percent(of.steps[of.step])));
    return;
  }
  if (change.in_state_for() >= of.limits.move)
    change.move_back(fmt::format("the move to {} did not end in {} s: {}", percent(placement_of(of).share),
                                 of.limits.move.count() / 1'000, text_of(missing)));
}

void end_of_pause(rollout_change& change, const rollout_view& view) {
  const rollout& of = change.next();
  if (change.in_state_for() < of.limits.pause) return;
  const bool judged = view.judged.window_from == of.since;
  const bool last = of.step + 1 >= of.steps.size();
  std::string obstacle;
  if (of.strategy != rollout_strategy::rolling && !(judged && view.judged.says.kind == verdict_kind::good))
    obstacle = judged ? fmt::format("inconclusive: {}", view.judged.says.reason) : "nothing was judged";
  else if (const gap missing = gap_of(of, view); !missing.none())
    obstacle = text_of(missing);
  else if (!last && !enough_capacity(of, of.steps[of.step + 1], view))
    obstacle = capacity_text(of, of.steps[of.step + 1], view);
  if (obstacle.empty()) {
    if (!last && strength_of(view, of.from).nodes == 0)
      change.note(rollout_event_kind::observing,
                  fmt::format("no node of release {} serves any more: there was nothing to compare with, and "
                              "there is no way back",
                              of.from));
    next_step(change);
  } else if (change.in_state_for() >= of.limits.observe)
    change.pause(std::move(obstacle));
}

void follow_move_back(rollout_change& change, const rollout_view& view) {
  const rollout& of = change.next();
  const gap missing = gap_of(of, view);
  if (strength_of(view, of.from).nodes == 0)
    change.fail(fmt::format("{}; no node of release {} lives to move back to", of.reason, of.from));
  else if (missing.none())
    change.end_move_back();
  else if (change.in_state_for() >= of.limits.move)
    change.fail(fmt::format("{}; moving back did not end in {} s: {}", of.reason,
                            of.limits.move.count() / 1'000, text_of(missing)));
}

// True: it moves back.
bool moves_back_for_failure(rollout_change& change, const rollout_view& view) {
  const rollout& of = change.next();
  if (placement_of(of) == placement{}) return false;
  if (strength_of(view, of.to).nodes == 0)
    change.move_back(fmt::format("no node of release {} lives any more", of.to));
  else if (std::string failure = failure_judged(of, view); !failure.empty())
    change.move_back(std::move(failure));
  else
    return false;
  return true;
}

}  // namespace

rollout_step decide(const rollout& current, const rollout_view& view, base::wall_time now) {
  rollout_change change(current, now);
  if (has_ended(current.state)) return std::move(change).take();
  change.follow_clock();
  if (current.state == rollout_state::rolling_back)
    follow_move_back(change, view);
  else if (!moves_back_for_failure(change, view)) {
    if (current.state == rollout_state::starting) start_when_ready(change, view);
    if (current.state == rollout_state::moving || current.state == rollout_state::promoting)
      follow_move(change, view);
    if (current.state == rollout_state::observing) end_of_pause(change, view);
  }
  return std::move(change).take();
}

std::optional<rollout_step> after_others(const rollout& current,
                                         std::span<const std::optional<rollout_state>> others,
                                         base::wall_time now) {
  bool all_done = true;
  for (std::size_t i = 0; i < current.after.size(); ++i) {
    const std::optional<rollout_state> state = i < others.size() ? others[i] : std::nullopt;
    all_done &= state == rollout_state::done;
    if (!state || !has_ended(*state) || state == rollout_state::done) continue;
    rollout_change change(current, now);
    change.fail(
        fmt::format("bot {}, which goes first, ended as {}", current.after[i].value, name_of(*state)));
    return std::move(change).take();
  }
  if (!all_done) return std::nullopt;
  rollout_change change(current, now);
  change.stop_waiting("the bots that go first are done");
  return std::move(change).take();
}

}  // namespace guildfleet::fleet
