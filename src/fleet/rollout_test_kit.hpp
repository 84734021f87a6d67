// A rollout under test with the fleet around it: arrange what nodes see, let time pass, look at what became
// of it.
#pragma once

#include <gmock/gmock.h>

#include "fleet/guild_share.hpp"
#include "fleet/rollout_step.hpp"

namespace guildfleet::fleet {

class rollout_fixture : public testing::Test {
 protected:
  void begin(rollout_wish wish, std::uint32_t shards = 4) {
    of = plan_rollout(wish, shards, now).value();
    view.owners.assign(shards, of.from);
    view.strengths = {{of.from, {2, 2}}};
  }
  void begin(rollout_strategy strategy = rollout_strategy::canary, std::uint32_t shards = 4) {
    begin(rollout_wish{.bot = {"music"}, .from = "1", .to = "2", .strategy = strategy, .started_by = "mika"},
          shards);
  }
  void live(const std::string& release, std::uint32_t nodes) { view.strengths[release] = {nodes, nodes}; }

  // The nodes do what the placement says.
  void follow() {
    const placement wanted = placement_of(of);
    const auto count = static_cast<std::uint32_t>(view.owners.size());
    const release_places places = places_at(count, of.salt, wanted.share);
    for (std::uint32_t i = 0; i < count; ++i) view.owners[i] = places.whole[i] ? of.to : of.from;
    view.delegation = {places.delegated_share, wanted.chosen.size()};
  }
  void judge_it(verdict_kind kind, std::string reason = {}) {
    view.judged = {of.since, {kind, std::move(reason)}};
  }

  rollout_state after(std::chrono::milliseconds time) {
    now += time;
    rollout_step step = decide(of, view, now);
    of = std::move(step.next);
    for (rollout_event& event : step.events) events.push_back(std::move(event));
    return of.state;
  }
  // A person says so. False: refused, as `refusal` tells.
  bool say(rollout_command command) {
    auto step = obey(of, command, "mika", now);
    if (!step) {
      refusal = step.error().message();
      return false;
    }
    of = std::move(step->next);
    for (rollout_event& event : step->events) events.push_back(std::move(event));
    return true;
  }
  // To the pause of its first step.
  void observe_first_step() {
    live(of.to, 2);
    after(std::chrono::seconds(1));
    follow();
    ASSERT_EQ(after(std::chrono::seconds(1)), rollout_state::observing);
  }
  // A good pause, and the next move.
  rollout_state pass_step() {
    judge_it(verdict_kind::good);
    if (after(of.limits.pause) == rollout_state::done) return of.state;
    follow();
    return after(std::chrono::seconds(1));
  }

  base::wall_time now{std::chrono::milliseconds(1'800'000'000'000)};
  rollout of;
  rollout_view view;
  std::vector<rollout_event> events;
  std::string refusal;
};

}  // namespace guildfleet::fleet
