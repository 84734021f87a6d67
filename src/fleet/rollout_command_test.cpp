#include "fleet/error.hpp"
#include "fleet/rollout_test_kit.hpp"

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

using state = rollout_state;
using command = rollout_command;

class rollout_commands : public rollout_fixture {};

TEST_F(rollout_commands, what_fits_which_state) {
  struct row {
    state in;
    std::string_view allowed;  // pause, resume, retry, promote, full, abort, undo
  };
  for (const row& each :
       {row{state::starting, "p....a."}, row{state::moving, "p...fa."}, row{state::observing, "p..mfa."},
        row{state::promoting, "p....a."}, row{state::paused, ".r.mfa."}, row{state::rolling_back, "......."},
        row{state::done, "......u"}, row{state::rolled_back, "..t...."}, row{state::aborted, "......."},
        row{state::failed, "..t...."}}) {
    for (std::size_t i = 0; i < each.allowed.size(); ++i) {
      begin();
      of.state = each.in;
      of.paused_in = state::observing;
      const auto asked = static_cast<command>(i);
      const auto answer = obey(of, asked, "mika", now);
      EXPECT_EQ(answer.has_value(), each.allowed[i] != '.') << name_of(asked) << " in " << name_of(each.in);
      if (answer) {
        EXPECT_FALSE(answer->events.empty());
        continue;
      }
      EXPECT_EQ(answer.error().code(), fleet_error::rollout_command);
      EXPECT_FALSE(answer.error().fix().empty());
    }
  }
}

TEST_F(rollout_commands, a_refusal_tells_why_and_what_to_do) {
  begin();
  EXPECT_FALSE(say(command::undo));
  EXPECT_THAT(refusal, HasSubstr("undo: the rollout of music to release 2 is starting"));
  EXPECT_THAT(refusal, HasSubstr("abort it"));
}

TEST_F(rollout_commands, a_pause_holds_the_step_and_resume_observes_it_anew) {
  begin();
  observe_first_step();
  ASSERT_TRUE(say(command::pause));
  judge_it(verdict_kind::good);
  EXPECT_EQ(after(1h), state::paused);
  EXPECT_EQ(placement_of(of).share, 0.05);
  ASSERT_TRUE(say(command::resume));
  judge_it(verdict_kind::good);
  EXPECT_EQ(after(4min), state::observing);
  EXPECT_EQ(after(1min), state::moving);
}

TEST_F(rollout_commands, a_pause_before_the_start_keeps_it_from_starting) {
  begin();
  live("2", 2);
  ASSERT_TRUE(say(command::pause));
  EXPECT_EQ(after(1h), state::paused);
  ASSERT_TRUE(say(command::resume));
  EXPECT_EQ(after(1s), state::moving);
}

TEST_F(rollout_commands, promote_goes_to_the_next_step_now) {
  begin();
  observe_first_step();
  ASSERT_TRUE(say(command::promote));
  EXPECT_EQ(of.state, state::moving);
  EXPECT_EQ(placement_of(of).share, 0.25);
}

TEST_F(rollout_commands, promote_ends_the_last_step) {
  begin(rollout_strategy::blue_green);
  observe_first_step();
  ASSERT_TRUE(say(command::promote));
  EXPECT_EQ(of.state, state::done);
}

TEST_F(rollout_commands, promote_helps_an_inconclusive_step_on) {
  begin();
  observe_first_step();
  after(15min);
  ASSERT_EQ(of.state, state::paused);
  ASSERT_TRUE(say(command::promote));
  EXPECT_EQ(of.state, state::moving);
}

TEST_F(rollout_commands, promote_full_moves_all_and_is_done) {
  begin();
  observe_first_step();
  ASSERT_TRUE(say(command::promote_full));
  EXPECT_EQ(placement_of(of).share, 1);
  EXPECT_EQ(after(1s), state::promoting);
  follow();
  EXPECT_EQ(after(1s), state::done);
}

TEST_F(rollout_commands, abort_moves_back) {
  begin();
  observe_first_step();
  ASSERT_TRUE(say(command::abort));
  EXPECT_EQ(of.state, state::rolling_back);
  follow();
  EXPECT_EQ(after(1s), state::aborted);
  EXPECT_EQ(of.reason, "mika aborts it");
}

TEST_F(rollout_commands, abort_before_anything_moved_is_the_end) {
  begin();
  ASSERT_TRUE(say(command::abort));
  EXPECT_EQ(of.state, state::aborted);
}

TEST_F(rollout_commands, retry_begins_the_same_rollout_again) {
  begin();
  observe_first_step();
  pass_step();
  judge_it(verdict_kind::bad, "worse");
  after(1s);
  follow();
  after(1s);
  ASSERT_EQ(of.state, state::rolled_back);
  ASSERT_TRUE(say(command::retry));
  EXPECT_EQ(of.state, state::starting);
  EXPECT_EQ(of.step, 0U);
  EXPECT_EQ(of.attempt, 2U);
  EXPECT_EQ(after(1s), state::moving) << "the verdict of the first attempt counts nothing";
}

TEST_F(rollout_commands, undo_goes_back_at_once_without_observing) {
  begin();
  observe_first_step();
  say(command::promote_full);
  follow();
  ASSERT_EQ(after(1s), state::done);
  ASSERT_TRUE(say(command::undo));
  EXPECT_TRUE(of.undo);
  EXPECT_EQ(of.to, "1");
  EXPECT_EQ(after(1s), state::promoting);
  follow();
  EXPECT_EQ(after(1s), state::done);
  EXPECT_EQ(settled_release(of), "1");
}

TEST_F(rollout_commands, undo_waits_for_nodes_of_the_old_release) {
  begin();
  of.state = state::done;
  live("2", 2);
  view.strengths.erase("1");
  ASSERT_TRUE(say(command::undo));
  EXPECT_EQ(after(1s), state::starting);
}

}  // namespace
}  // namespace guildfleet::fleet
