// A limiter that goes on where another one was.
#include "discord/rest/rate_limiter_script.hpp"

namespace guildfleet::discord {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t many = 100;

class limits_taken_over : public rate_limiter_script {
 protected:
  // What the limiter before had learned: the bucket of channel 1 has `left` more.
  known_limits learned(int left, std::chrono::milliseconds resets_in = 3s) {
    rate_limiter before(settings_, base::random_source(2));
    before.submit(1, call(routes::create_message), now_);
    (void)before.next(now_);
    (void)before.on_response(1, ok(5, left, resets_in), now_);
    return before.known(now_, many);
  }
};

TEST_F(limits_taken_over, an_exhausted_bucket_is_waited_for) {
  limiter().adopt(learned(0), now_);
  const auto ticket = submit(call(routes::create_message));
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_THAT(run(3s), IsEmpty()) << "the slack behind the reset";
  EXPECT_THAT(run(200ms), ElementsAre(ticket));
}

TEST_F(limits_taken_over, what_is_left_is_used_and_no_more) {
  limiter().adopt(learned(2), now_);
  for (int i = 0; i < 3; ++i) submit(call(routes::create_message));
  EXPECT_THAT(take(), ElementsAre(1, 2));
}

TEST_F(limits_taken_over, other_channels_share_the_bucket_but_not_its_window) {
  limiter().adopt(learned(0), now_);
  const auto ticket = submit(call(routes::create_message, "2"));
  EXPECT_THAT(take(), ElementsAre(ticket));
}

TEST_F(limits_taken_over, a_request_that_waits_here_already_waits_for_it_too) {
  const auto first = submit(call(routes::create_message));
  const auto second = submit(call(routes::create_message));
  EXPECT_THAT(take(), ElementsAre(first)) << "it probes";
  limiter().adopt(learned(0), now_);
  answer(first, plain(400));
  EXPECT_THAT(run(3s), IsEmpty());
  EXPECT_THAT(run(200ms), ElementsAre(second));
}

TEST_F(limits_taken_over, the_more_careful_of_both_holds) {
  warm_up(routes::create_message, "1", ok(5, 1, 5s));
  limiter().adopt(learned(4, 1s), now_);
  submit(call(routes::create_message));
  submit(call(routes::create_message));
  EXPECT_EQ(take().size(), 1U);
  EXPECT_THAT(run(4'900ms), IsEmpty());
}

TEST_F(limits_taken_over, a_block_of_everything_holds_here_too) {
  rate_limiter before(settings_, base::random_source(2));
  before.submit(1, call(routes::create_message), now_);
  (void)before.next(now_);
  (void)before.on_response(1, limited(limit_scope::global, 2s), now_);
  limiter().adopt(before.known(now_, many), now_);
  const auto ticket = submit(call(routes::get_channel, "9"));
  EXPECT_THAT(run(2s), IsEmpty());
  EXPECT_THAT(run(200ms), ElementsAre(ticket));
}

TEST_F(limits_taken_over, windows_that_have_ended_are_not_told) {
  known_limits then = learned(0);
  EXPECT_EQ(then.windows.size(), 1U);
  warm_up(routes::create_message, "1", ok(5, 0, 1s));
  pass(2s);
  EXPECT_THAT(limiter().known(now_, many).windows, IsEmpty());
  EXPECT_EQ(limiter().known(now_, many).routes.size(), 1U) << "which bucket it is stays known";
}

TEST_F(limits_taken_over, tokens_of_interactions_are_not_told) {
  warm_up(routes::create_followup, "12/a token", ok(5, 0, 5s, "followups"));
  for (const known_window& each : limiter().known(now_, many).windows)
    EXPECT_FALSE(each.major.contains("token")) << each.major;
  EXPECT_THAT(limiter().known(now_, many).windows, IsEmpty());
}

TEST_F(limits_taken_over, where_there_are_too_many_the_emptiest_are_told) {
  warm_up(routes::create_message, "1", ok(5, 4, 5s));
  warm_up(routes::create_message, "2", ok(5, 0, 5s));
  const auto told = limiter().known(now_, 1).windows;
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().major, "2");
}

TEST_F(limits_taken_over, what_is_not_used_is_forgotten) {
  limiter().adopt(learned(0), now_);
  pass(10min);
  (void)take();
  submit(call(routes::create_message));
  submit(call(routes::create_message));
  EXPECT_EQ(take().size(), 1U) << "one probes";
}

}  // namespace
}  // namespace guildfleet::discord
