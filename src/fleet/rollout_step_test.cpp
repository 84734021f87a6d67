#include "fleet/rollout_step.hpp"

#include "fleet/rollout_test_kit.hpp"

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

using state = rollout_state;

class rollout_step_rules : public rollout_fixture {};

TEST_F(rollout_step_rules, waits_for_a_node_of_the_new_release) {
  begin();
  EXPECT_EQ(after(1min), state::starting);
  live("2", 1);
  EXPECT_EQ(after(1s), state::moving);
}

TEST_F(rollout_step_rules, fails_when_no_node_of_the_new_release_comes) {
  begin();
  EXPECT_EQ(after(10min), state::failed);
  EXPECT_THAT(of.reason, HasSubstr("release 2 has 0 nodes"));
}

TEST_F(rollout_step_rules, blue_green_waits_for_as_much_capacity_as_the_old_release_has) {
  begin(rollout_strategy::blue_green);
  live("2", 1);
  EXPECT_EQ(after(1s), state::starting);
  live("2", 2);
  EXPECT_EQ(after(1s), state::moving);
  EXPECT_EQ(placement_of(of).share, 1);
}

TEST_F(rollout_step_rules, a_move_lasts_until_the_leases_show_it) {
  begin(rollout_wish{.bot = {"music"}, .from = "1", .to = "2", .steps = {0.5, 1}});
  live("2", 2);
  after(1s);
  EXPECT_EQ(after(1s), state::moving);
  follow();
  view.owners[0].clear();
  EXPECT_EQ(after(1s), state::moving) << "a shard is nobody's";
  follow();
  EXPECT_EQ(after(1s), state::observing);
}

TEST_F(rollout_step_rules, a_move_lasts_until_its_guilds_are_delegated) {
  begin(rollout_strategy::canary, 1);
  live("2", 2);
  after(1s);
  EXPECT_EQ(after(1s), state::moving);
  view.delegation.share = 0.05;
  EXPECT_EQ(after(1s), state::observing);
}

TEST_F(rollout_step_rules, chosen_guilds_come_first) {
  begin(rollout_wish{.bot = {"music"}, .from = "1", .to = "2", .chosen = {{1}, {2}}});
  live("2", 2);
  after(1s);
  view.delegation.chosen = 1;
  EXPECT_EQ(after(1s), state::moving);
  view.delegation.chosen = 2;
  EXPECT_EQ(after(1s), state::observing);
  EXPECT_EQ(placement_of(of).share, 0);
}

TEST_F(rollout_step_rules, a_healthy_canary_goes_through_all_steps) {
  begin();
  observe_first_step();
  EXPECT_EQ(pass_step(), state::observing);
  EXPECT_EQ(placement_of(of).share, 0.25);
  EXPECT_EQ(pass_step(), state::observing);
  EXPECT_EQ(pass_step(), state::observing);
  EXPECT_EQ(placement_of(of).share, 1);
  EXPECT_EQ(pass_step(), state::done);
  EXPECT_EQ(settled_release(of), "2");
  EXPECT_THAT(of.reason, IsEmpty());
}

TEST_F(rollout_step_rules, a_step_lasts_for_its_pause) {
  begin();
  observe_first_step();
  judge_it(verdict_kind::good);
  EXPECT_EQ(after(4min), state::observing);
  EXPECT_EQ(after(1min), state::moving);
}

TEST_F(rollout_step_rules, rolling_goes_on_without_a_good_verdict) {
  begin(rollout_strategy::rolling, 2);
  observe_first_step();
  judge_it(verdict_kind::inconclusive);
  EXPECT_EQ(after(10s), state::moving);
  follow();
  EXPECT_EQ(after(1s), state::observing);
  EXPECT_EQ(after(10s), state::done);
}

TEST_F(rollout_step_rules, rolling_waits_for_shards_that_are_nobodys) {
  begin(rollout_strategy::rolling, 2);
  observe_first_step();
  view.owners[1].clear();
  EXPECT_EQ(after(10s), state::observing);
  EXPECT_EQ(after(20s), state::paused);
  EXPECT_THAT(of.reason, HasSubstr("among them shard 1"));
}

TEST_F(rollout_step_rules, inconclusive_is_not_good) {
  begin();
  observe_first_step();
  judge_it(verdict_kind::inconclusive, "12 events of the 500 that are needed");
  EXPECT_EQ(after(5min), state::observing);
  EXPECT_EQ(after(5min), state::observing);
  EXPECT_EQ(after(5min), state::paused);
  EXPECT_EQ(of.reason, "inconclusive: 12 events of the 500 that are needed");
  EXPECT_EQ(placement_of(of).share, 0.05) << "it stays as it is";
}

TEST_F(rollout_step_rules, a_late_verdict_is_in_time_before_the_limit) {
  begin();
  observe_first_step();
  EXPECT_EQ(after(7min), state::observing);
  judge_it(verdict_kind::good);
  EXPECT_EQ(after(1s), state::moving);
}

TEST_F(rollout_step_rules, a_verdict_about_another_window_counts_nothing) {
  begin();
  observe_first_step();
  view.judged = {of.since - 1ms, {verdict_kind::bad, "old news"}};
  EXPECT_EQ(after(1s), state::observing);
  view.judged = {of.since - 1ms, {verdict_kind::good, {}}};
  EXPECT_EQ(after(5min), state::observing);
}

TEST_F(rollout_step_rules, a_bad_verdict_moves_back_at_once_in_every_state_that_placed_something) {
  for (const state in : {state::moving, state::observing, state::promoting, state::paused}) {
    for (const verdict_kind kind : {verdict_kind::bad, verdict_kind::missing}) {
      begin();
      observe_first_step();
      of.state = in;
      of.paused_in = state::observing;
      judge_it(kind, "node c");
      EXPECT_EQ(after(1s), state::rolling_back) << name_of(in);
      EXPECT_EQ(placement_of(of), placement{});
      EXPECT_THAT(of.reason, HasSubstr("node c"));
      follow();
      EXPECT_EQ(after(1s), state::rolled_back);
      EXPECT_THAT(of.reason, HasSubstr("node c"));
      EXPECT_EQ(settled_release(of), "1");
    }
  }
}

TEST_F(rollout_step_rules, moves_back_when_the_new_releases_nodes_are_gone) {
  begin();
  observe_first_step();
  view.strengths.erase("2");
  EXPECT_EQ(after(1s), state::rolling_back);
  EXPECT_EQ(of.reason, "no node of release 2 lives any more");
}

TEST_F(rollout_step_rules, moves_back_when_a_move_takes_too_long) {
  begin(rollout_strategy::blue_green);
  live("2", 2);
  after(1s);
  EXPECT_EQ(after(119s), state::moving);
  EXPECT_EQ(after(1s), state::rolling_back);
  EXPECT_THAT(of.reason, HasSubstr("the move to 100 % did not end in 120 s: 4 shards elsewhere"));
}

TEST_F(rollout_step_rules, nothing_promotes_while_it_moves_back) {
  begin();
  observe_first_step();
  judge_it(verdict_kind::bad, "worse");
  after(1s);
  judge_it(verdict_kind::good);
  view.owners[0] = "2";
  EXPECT_EQ(after(1min), state::rolling_back);
}

TEST_F(rollout_step_rules, fails_when_nobody_is_left_to_move_back_to) {
  begin();
  observe_first_step();
  judge_it(verdict_kind::bad, "worse");
  after(1s);
  view.strengths.erase("1");
  EXPECT_EQ(after(1s), state::failed);
  EXPECT_EQ(of.reason, "worse; no node of release 1 lives to move back to");
}

TEST_F(rollout_step_rules, fails_when_moving_back_takes_too_long) {
  begin();
  observe_first_step();
  judge_it(verdict_kind::bad, "worse");
  view.owners[2] = "2";
  after(1s);
  EXPECT_EQ(after(2min), state::failed);
  EXPECT_THAT(of.reason, HasSubstr("worse; moving back did not end in 120 s: 1 shard elsewhere"));
}

TEST_F(rollout_step_rules, goes_on_when_the_old_release_is_gone) {
  begin();
  observe_first_step();
  view.strengths.erase("1");
  view.owners.assign(4, "2");
  view.delegation = {};
  EXPECT_EQ(pass_step(), state::observing);
  EXPECT_THAT(events,
              Contains(Field(&rollout_event::text, HasSubstr("no node of release 1 serves any more"))));
}

TEST_F(rollout_step_rules, too_few_nodes_for_the_next_step_are_waited_for) {
  begin();
  observe_first_step();
  pass_step();
  live("1", 10);
  judge_it(verdict_kind::good);
  EXPECT_EQ(after(5min), state::observing);
  live("2", 5);
  EXPECT_EQ(after(1s), state::moving);
}

TEST_F(rollout_step_rules, a_clock_that_runs_back_begins_the_pause_anew) {
  begin();
  observe_first_step();
  judge_it(verdict_kind::good);
  EXPECT_EQ(after(-1h), state::observing);
  judge_it(verdict_kind::good);
  EXPECT_EQ(after(4min), state::observing);
  EXPECT_EQ(after(1min), state::moving);
}

TEST_F(rollout_step_rules, a_picture_without_shards_shows_nothing) {
  begin();
  live("2", 2);
  after(1s);
  view.owners.clear();
  EXPECT_EQ(after(1s), state::moving);
}

TEST_F(rollout_step_rules, each_change_is_told_once) {
  begin(rollout_strategy::blue_green);
  live("2", 2);
  after(1s);
  after(1s);
  follow();
  after(1s);
  after(1s);
  judge_it(verdict_kind::good);
  after(5min);
  after(1s);
  const std::vector<rollout_event> told{{rollout_event_kind::moving, "moving 100 % from release 1 to 2"},
                                        {rollout_event_kind::observing, "release 2 serves 100 %"},
                                        {rollout_event_kind::ended, "release 2 serves all"}};
  EXPECT_EQ(events, told);
}

class rollout_after_others : public rollout_fixture {
 protected:
  rollout_after_others() {
    begin(rollout_wish{.bot = {"big"}, .from = "1", .to = "2", .after = {{"test"}, {"small"}}});
  }
  std::optional<rollout_step> with(std::optional<state> one, std::optional<state> other) {
    return after_others(of, std::vector<std::optional<state>>{one, other}, now);
  }
};

TEST_F(rollout_after_others, waits_until_all_of_them_are_done) {
  EXPECT_FALSE(with(std::nullopt, std::nullopt));
  EXPECT_FALSE(with(state::observing, state::done));
  now += 1h;
  const auto step = with(state::done, state::done);
  ASSERT_TRUE(step);
  EXPECT_THAT(step->next.after, IsEmpty());
  EXPECT_EQ(step->next.state, state::starting);
  EXPECT_EQ(step->next.since, now) << "its own time begins now";
}

TEST_F(rollout_after_others, fails_with_the_first_that_does_not_arrive) {
  for (const state ended : {state::rolled_back, state::aborted, state::failed}) {
    const auto step = with(state::done, ended);
    ASSERT_TRUE(step) << name_of(ended);
    EXPECT_EQ(step->next.state, state::failed);
    EXPECT_THAT(step->next.reason, HasSubstr("bot small, which goes first, ended as"));
  }
}

}  // namespace
}  // namespace guildfleet::fleet
