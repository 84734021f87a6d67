#include "fleet/reshard.hpp"

#include <gmock/gmock.h>

#include "fleet/error.hpp"
#include "fleet/identify_gate.hpp"

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr base::wall_time noon{1'800'000'000s};
const identify_settings spacing;

reshard_wish wish(std::uint32_t from, std::uint32_t to) {
  return {.bot = {"music"}, .from = from, .to = to, .home = {"one", 1}, .started_by = "mika"};
}

class a_reshard : public testing::Test {
 protected:
  a_reshard() { of.state = reshard_state::connecting; }

  reshard_state after(std::chrono::milliseconds time) {
    now += time;
    reshard_step step = decide(of, view, now);
    of = std::move(step.next);
    events.clear();
    for (const reshard_event& each : step.events) events.push_back(each.kind);
    return of.state;
  }

  base::wall_time now = noon;
  reshard of = plan_reshard(wish(2, 5), {}, {}, noon).value().operation;
  reshard_view view{.all_heard = true, .old_owned = 2};
  std::vector<reshard_event_kind> events;
};

TEST(reshard_plan, says_what_it_costs_before_it_begins) {
  const auto plan = plan_reshard(wish(2, 5), {.remaining = 900, .max_concurrency = 2}, {}, noon);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->identifies, 5U);
  EXPECT_EQ(plan->identify_time, 2 * (spacing.spacing + spacing.margin));
  EXPECT_EQ(plan->left_after, 895U);
  EXPECT_EQ(plan->floor, 200U);
  EXPECT_THAT(started_event(*plan).text, HasSubstr("from 2 to 5 shards on node one, 5 identifies"));
}

TEST(reshard_plan, needs_all_its_identifies_above_the_floor) {
  EXPECT_TRUE(plan_reshard(wish(2, 5), {.remaining = 205}, {}, noon));
  const auto refused = plan_reshard(wish(2, 5), {.remaining = 204}, {}, noon);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), fleet_error::identify_budget);
}

TEST(reshard_plan, says_so_where_the_whole_day_is_too_little) {
  const auto refused = plan_reshard(wish(2, 5'000), {.total = 1'000, .remaining = 900}, {}, noon);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("never possible"));
}

TEST(reshard_plan, is_for_another_number_of_shards) {
  EXPECT_EQ(plan_reshard(wish(4, 4), {}, {}, noon).error().code(), fleet_error::reshard_settings);
  EXPECT_EQ(plan_reshard(wish(4, 0), {}, {}, noon).error().code(), fleet_error::reshard_settings);
}

TEST(reshard_plan, takes_the_time_of_the_fullest_bucket) {
  EXPECT_EQ(identify_time(1, 1, {}), 0ms);
  EXPECT_EQ(identify_time(16, 16, {}), 0ms);
  EXPECT_EQ(identify_time(17, 16, {}), spacing.spacing + spacing.margin);
}

class a_gathering_reshard : public a_reshard {
 protected:
  a_gathering_reshard() {
    of.state = reshard_state::gathering;
    of.home = {"one", 1};
    view.home_stays = true;
  }
};

TEST_F(a_gathering_reshard, goes_on_when_its_node_has_every_shard) {
  view.old_at_home = 1;
  EXPECT_EQ(after(1s), reshard_state::gathering);
  view.old_at_home = 2;
  EXPECT_EQ(after(1s), reshard_state::connecting);
  EXPECT_THAT(events, ElementsAre(reshard_event_kind::connecting));
}

TEST_F(a_gathering_reshard, ends_at_once_when_its_node_goes) {
  view.home_stays = false;
  EXPECT_EQ(after(1s), reshard_state::aborted);
  EXPECT_THAT(of.reason, HasSubstr("node one"));
  EXPECT_EQ(settled_count(of), 2U);
}

TEST_F(a_gathering_reshard, ends_when_the_shards_do_not_come_in_time) {
  view.old_at_home = 1;
  EXPECT_EQ(after(2min), reshard_state::gathering);
  EXPECT_EQ(after(1s), reshard_state::aborted);
  EXPECT_THAT(of.reason, HasSubstr("only 1 of 2 shards came to node one"));
}

TEST_F(a_gathering_reshard, is_given_up_by_a_person_with_nothing_to_close) {
  const auto step = abort(of, "mika", now);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->next.state, reshard_state::aborted);
}

TEST_F(a_gathering_reshard, leaves_the_bot_to_its_other_nodes_until_both_sets_run) {
  EXPECT_FALSE(keeps_others_out(of));
  for (const auto state :
       {reshard_state::connecting, reshard_state::cutting, reshard_state::closing, reshard_state::aborting}) {
    of.state = state;
    EXPECT_TRUE(keeps_others_out(of)) << name_of(state);
  }
  for (const auto state : {reshard_state::done, reshard_state::aborted}) {
    of.state = state;
    EXPECT_FALSE(keeps_others_out(of)) << name_of(state);
  }
}

TEST_F(a_reshard, goes_on_at_another_node) {
  of.home = {"one", 1};
  const reshard_step step = move_home(of, {"two", 2}, now + 1s);
  EXPECT_EQ(step.next.home, (store::node_identity{"two", 2}));
  EXPECT_EQ(step.next.home_since, now + 1s);
  EXPECT_EQ(step.next.state, of.state);
  ASSERT_EQ(step.events.size(), 1U);
  EXPECT_THAT(step.events.front().text, HasSubstr("node two goes on with it in place of node one"));
}

TEST_F(a_reshard, goes_on_when_every_new_shard_is_there) {
  view.fresh_whole = 4;
  EXPECT_EQ(after(1s), reshard_state::connecting);
  EXPECT_THAT(events, IsEmpty());
  view.fresh_whole = 5;
  view.all_heard = false;
  EXPECT_EQ(after(1s), reshard_state::connecting);
  view.all_heard = true;
  EXPECT_EQ(after(1s), reshard_state::cutting);
  EXPECT_THAT(events, ElementsAre(reshard_event_kind::cutting));
}

TEST_F(a_reshard, ends_when_all_guilds_went_over_and_the_old_set_is_gone) {
  of.state = reshard_state::cutting;
  view.guilds_left = 1;
  EXPECT_EQ(after(1h), reshard_state::cutting) << "there is no way back";
  view.guilds_left = 0;
  view.unsettled = 1;
  EXPECT_EQ(after(1s), reshard_state::cutting);
  view.unsettled = 0;
  EXPECT_EQ(after(1s), reshard_state::closing);
  EXPECT_EQ(after(1s), reshard_state::closing);
  view.old_owned = 0;
  view.unsettled = 1;
  EXPECT_EQ(after(1s), reshard_state::closing) << "a guild may have gone over last";
  view.unsettled = 0;
  EXPECT_EQ(after(1s), reshard_state::done);
  EXPECT_EQ(settled_count(of), 5U);
  EXPECT_EQ(after(1s), reshard_state::done);
  EXPECT_THAT(events, IsEmpty());
}

TEST_F(a_reshard, is_given_up_when_the_new_set_does_not_come_about) {
  view.fresh_whole = view.fresh_owned = 3;
  EXPECT_EQ(after(10min), reshard_state::connecting) << "the identifies' own time is not counted";
  EXPECT_EQ(after(1min), reshard_state::aborting);
  EXPECT_THAT(of.reason, HasSubstr("only 3 of 5"));
  EXPECT_EQ(after(1s), reshard_state::aborting);
  view.fresh_owned = 0;
  EXPECT_EQ(after(1s), reshard_state::aborted);
  EXPECT_EQ(settled_count(of), 2U);
}

TEST_F(a_reshard, is_given_up_at_once_when_discord_refuses_a_new_shard) {
  view.fresh_refused = 1;
  EXPECT_EQ(after(1s), reshard_state::aborting);
  EXPECT_THAT(of.reason, HasSubstr("Discord refused a new shard"));
}

TEST_F(a_reshard, is_given_up_by_a_person_until_the_first_guild_goes_over) {
  const auto step = abort(of, "mika", now);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->next.state, reshard_state::aborting);
  EXPECT_THAT(step->next.reason, HasSubstr("mika"));
  of.state = reshard_state::cutting;
  EXPECT_EQ(abort(of, "mika", now).error().code(), fleet_error::reshard_command);
  of.state = reshard_state::done;
  EXPECT_EQ(abort(of, "mika", now).error().code(), fleet_error::reshard_command);
}

TEST_F(a_reshard, says_which_shards_run) {
  EXPECT_EQ(duty_of(of, now), (reshard_duty{.old_set = true, .fresh_set = true}));
  of.state = reshard_state::cutting;
  EXPECT_EQ(duty_of(of, now), (reshard_duty{.old_set = true, .fresh_set = true, .cuts = true}));
  EXPECT_TRUE(duty_of(of, now + 2min).guesses);
  of.state = reshard_state::closing;
  EXPECT_EQ(duty_of(of, now), (reshard_duty{.fresh_set = true}));
  of.state = reshard_state::aborting;
  EXPECT_EQ(duty_of(of, now), (reshard_duty{.old_set = true}));
}

TEST_F(a_reshard, decides_nothing_early_where_the_clock_runs_back) {
  EXPECT_EQ(after(-1h), reshard_state::connecting);
  EXPECT_EQ(of.since, now);
}

}  // namespace
}  // namespace guildfleet::fleet
