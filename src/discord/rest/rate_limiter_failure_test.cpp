// Deadlines, refusals, retries and what is forgotten.
#include "discord/rest/rate_limiter_script.hpp"

namespace guildfleet::discord {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(rate_limiter_script, fails_early_when_the_bucket_opens_after_the_deadline) {
  warm_up(routes::get_messages, "1", ok(1, 0, 30s));
  auto hurried = call(routes::get_messages);
  hurried.deadline = now_ + 10s;
  submit(hurried);
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_THAT(failed_, ElementsAre(std::pair(request_ticket{2}, rest_error::deadline_too_early)));
}

TEST_F(rate_limiter_script, counts_those_ahead_when_it_tells_whether_a_deadline_can_be_met) {
  warm_up(routes::get_messages, "1", ok(1, 0, 5s));
  for (int i = 0; i < 4; ++i) submit(call(routes::get_messages));
  auto hurried = call(routes::get_messages);
  hurried.deadline = now_ + 20s;  // its turn is after five windows
  submit(hurried);
  take();
  EXPECT_THAT(failed_, SizeIs(1));
}

TEST_F(rate_limiter_script, a_waiting_request_fails_when_its_deadline_passes) {
  auto probe = call(routes::get_messages);
  submit(probe);
  probe.deadline = now_ + 2s;
  submit(probe);
  EXPECT_THAT(run(2s), ElementsAre(1));
  EXPECT_THAT(failed_, ElementsAre(std::pair(request_ticket{2}, rest_error::deadline_passed)));
}

TEST_F(rate_limiter_script, those_that_wait_fail_early_when_a_block_outlasts_their_deadline) {
  const auto probe = submit(call(routes::get_messages));
  auto hurried = call(routes::get_messages);
  hurried.deadline = now_ + 5s;
  submit(hurried);
  take();
  answer(probe, limited(limit_scope::global, 60s));
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_THAT(failed_, ElementsAre(std::pair(request_ticket{2}, rest_error::deadline_too_early)));
}

TEST_F(rate_limiter_script, refuses_what_exceeds_the_bounded_queue) {
  settings_.max_waiting = 2;
  submit(call(routes::get_messages));
  submit(call(routes::get_messages));
  submit(call(routes::get_messages));
  EXPECT_THAT(take(), ElementsAre(1));
  EXPECT_THAT(failed_, ElementsAre(std::pair(request_ticket{3}, rest_error::queue_full)));
}

TEST_F(rate_limiter_script, a_refused_token_stops_waiting_and_later_calls_but_not_interactions) {
  const auto hit = submit(call(routes::get_messages));
  submit(call(routes::get_messages));
  take();
  EXPECT_EQ(answer(hit, plain(401)), after_attempt::deliver);
  EXPECT_TRUE(limiter().stopped());
  submit(call(routes::get_guild));
  const auto reply = submit(call(routes::create_callback));
  EXPECT_THAT(take(), ElementsAre(reply));
  EXPECT_THAT(failed_, ElementsAre(std::pair(request_ticket{2}, rest_error::bot_stopped),
                                   std::pair(request_ticket{3}, rest_error::bot_stopped)));
}

TEST_F(rate_limiter_script, a_webhooks_wrong_token_does_not_stop_the_bot) {
  const auto hit = submit(call(routes::execute_webhook));
  take();
  answer(hit, plain(401));
  EXPECT_FALSE(limiter().stopped());
}

struct retry_case {
  const char* name;
  const route* of;
  bool nonce;
  bool surely_not_sent;
  after_attempt expected;
};

class retry_rule : public rate_limiter_script, public testing::WithParamInterface<retry_case> {};

TEST_P(retry_rule, repeats_only_what_cannot_happen_twice) {
  auto request = call(*GetParam().of);
  request.has_nonce = GetParam().nonce;
  const auto ticket = submit(request);
  ASSERT_THAT(take(), ElementsAre(ticket));
  EXPECT_EQ(limiter().on_transport_error(ticket, GetParam().surely_not_sent, now_), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    all, retry_rule,
    testing::Values(
        retry_case{"get", &routes::get_messages, false, false, after_attempt::wait_again},
        retry_case{"put", &routes::create_ban, false, false, after_attempt::wait_again},
        retry_case{"delete_", &routes::delete_message, false, false, after_attempt::wait_again},
        retry_case{"post", &routes::create_message, false, false, after_attempt::deliver},
        retry_case{"post_with_nonce", &routes::create_message, true, false, after_attempt::wait_again},
        retry_case{"post_not_sent", &routes::create_message, false, true, after_attempt::wait_again},
        retry_case{"patch", &routes::edit_channel, false, false, after_attempt::deliver},
        retry_case{"callback", &routes::create_callback, false, false, after_attempt::wait_again}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(rate_limiter_script, gives_up_after_five_attempts) {
  const auto ticket = submit(call(routes::get_messages));
  tickets sent = take();
  after_attempt after = answer(ticket, plain(503));
  int attempts = 1;
  while (after == after_attempt::wait_again) {
    EXPECT_THAT(run(20s), ElementsAre(ticket));
    ++attempts;
    after = answer(ticket, plain(503));
  }
  EXPECT_EQ(attempts, 5);
  EXPECT_EQ(limiter().waiting() + limiter().in_flight(), 0U);
}

TEST_F(rate_limiter_script, does_not_repeat_a_message_after_discord_forgot_its_nonce) {
  auto request = call(routes::create_message);
  request.has_nonce = true;
  const auto ticket = submit(request);
  take();
  EXPECT_EQ(answer(ticket, plain(502)), after_attempt::wait_again);
  ASSERT_THAT(run(1s), ElementsAre(ticket));
  answer(ticket, limited(limit_scope::global, 180s));
  EXPECT_THAT(run(200s), IsEmpty());
  EXPECT_THAT(failed_, ElementsAre(std::pair(ticket, rest_error::connection_failed)));
}

TEST_F(rate_limiter_script, a_cancelled_request_lets_its_successor_go) {
  auto request = call(routes::create_message);
  request.order_key = "messages/1";
  submit(request);
  submit(request);
  submit(request);
  take();
  limiter().cancel(2, now_);
  limiter().cancel(1, now_);
  EXPECT_THAT(take(), ElementsAre(3));
}

TEST_F(rate_limiter_script, forgets_idle_buckets) {
  for (int i = 0; i < 1000; ++i) {
    const auto ticket = submit(call(routes::create_followup, "1/" + std::to_string(i)));
    ASSERT_THAT(take(), ElementsAre(ticket));
    answer(ticket, ok(5, 4, 2s));
  }
  EXPECT_EQ(limiter().buckets(), 1000U);
  pass(120s);
  take();
  EXPECT_EQ(limiter().buckets(), 0U);
}

}  // namespace
}  // namespace guildfleet::discord
