#include "fleet/rollout.hpp"

#include <gmock/gmock.h>

#include "fleet/error.hpp"

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

const discord::guild_id one_guild{42};

rollout_wish wish(rollout_strategy strategy = rollout_strategy::canary) {
  return {.bot = {"music"}, .from = "1", .to = "2", .strategy = strategy};
}

std::vector<double> steps_of(const rollout_wish& asked, std::uint32_t shards = 100) {
  return plan_rollout(asked, shards, {}).value().steps;
}

TEST(rollout, each_strategy_has_steps_of_its_own) {
  EXPECT_THAT(steps_of(wish()), ElementsAre(0.05, 0.25, 0.5, 1));
  EXPECT_THAT(steps_of(wish(rollout_strategy::blue_green)), ElementsAre(1));
  EXPECT_THAT(steps_of(wish(rollout_strategy::rolling), 1), ElementsAre(1));
  EXPECT_THAT(steps_of(wish(rollout_strategy::rolling), 4), ElementsAre(0.25, 0.5, 0.75, 1));
  EXPECT_THAT(steps_of(wish(rollout_strategy::rolling), 2'000), SizeIs(10));
}

TEST(rollout, rolling_steps_are_whole_shards) {
  for (std::uint32_t shards = 1; shards < 200; ++shards) {
    for (const double step : steps_of(wish(rollout_strategy::rolling), shards)) {
      const double wanted = step * shards;
      ASSERT_NEAR(wanted, std::round(wanted), 1e-9) << shards;
    }
  }
}

TEST(rollout, chosen_guilds_go_before_any_share) {
  rollout_wish asked = wish();
  asked.chosen = {one_guild};
  EXPECT_THAT(steps_of(asked), ElementsAre(0, 0.05, 0.25, 0.5, 1));
}

TEST(rollout, observes_three_pauses_at_most_unless_told_otherwise) {
  rollout_wish asked = wish();
  EXPECT_EQ(plan_rollout(asked, 1, {})->limits.observe, 15min);
  asked.pause = 10s;
  EXPECT_EQ(plan_rollout(asked, 1, {})->limits.observe, 30s);
  asked.observe = 1h;
  EXPECT_EQ(plan_rollout(asked, 1, {})->limits.observe, 1h);
}

TEST(rollout, refuses_what_cannot_be_carried_out) {
  struct row {
    void (*spoil)(rollout_wish&);
    std::string_view says;
  };
  const row rows[] = {
      {[](rollout_wish& of) { of.to = of.from; }, "it is on release 1 already"},
      {[](rollout_wish& of) { of.to.clear(); }, "two releases"},
      {[](rollout_wish& of) { of.from.clear(); }, "two releases"},
      {[](rollout_wish& of) { of.steps = {0.5}; }, "ascending shares"},
      {[](rollout_wish& of) { of.steps = {0.5, 0.25, 1}; }, "ascending shares"},
      {[](rollout_wish& of) { of.steps = {0.5, 0.5, 1}; }, "ascending shares"},
      {[](rollout_wish& of) { of.steps = {-0.5, 1}; }, "ascending shares"},
      {[](rollout_wish& of) { of.steps = {std::nan(""), 1}; }, "ascending shares"},
      {[](rollout_wish& of) { of.steps = {0, 1}; }, "moves nothing"},
      {[](rollout_wish& of) { of.pause = -1s; }, "time limits"},
      {[](rollout_wish& of) { of.observe = 1s; }, "time limits"},
      {[](rollout_wish& of) { of.limits.move = 0s; }, "time limits"},
      {[](rollout_wish& of) { of.strategy = rollout_strategy::blue_green, of.steps = {0.5, 1}; }, "one step"},
      {[](rollout_wish& of) { of.strategy = rollout_strategy::rolling, of.chosen = {one_guild}; },
       "canary only"},
  };
  for (const row& each : rows) {
    rollout_wish asked = wish();
    each.spoil(asked);
    const auto planned = plan_rollout(asked, 4, {});
    ASSERT_FALSE(planned) << each.says;
    EXPECT_EQ(planned.error().code(), fleet_error::rollout_settings);
    EXPECT_THAT(planned.error().context(), HasSubstr(each.says));
    EXPECT_FALSE(planned.error().fix().empty());
  }
}

TEST(rollout, what_is_placed_in_each_state) {
  struct row {
    rollout_state state;
    double share;
    bool chosen;
  };
  rollout_wish asked = wish();
  asked.chosen = {one_guild};
  asked.steps = {0.25, 1};
  const rollout planned = plan_rollout(asked, 4, {}).value();
  for (const row& each : {
           row{rollout_state::starting, 0, false},
           row{rollout_state::moving, 0.25, true},
           row{rollout_state::observing, 0.25, true},
           row{rollout_state::promoting, 1, false},
           row{rollout_state::rolling_back, 0, false},
           row{rollout_state::done, 1, false},
           row{rollout_state::rolled_back, 0, false},
           row{rollout_state::aborted, 0, false},
           row{rollout_state::failed, 0, false},
       }) {
    rollout of = planned;
    of.state = each.state;
    EXPECT_EQ(placement_of(of).share, each.share) << name_of(each.state);
    EXPECT_EQ(placement_of(of).chosen.size(), each.chosen ? 1U : 0U) << name_of(each.state);
    of.paused_in = each.state;
    of.state = rollout_state::paused;
    if (may_pause(each.state))
      EXPECT_EQ(placement_of(of).share, each.share) << "paused: " << name_of(each.state);
  }
}

}  // namespace
}  // namespace guildfleet::fleet
