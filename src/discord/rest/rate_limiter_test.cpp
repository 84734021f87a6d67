// Buckets, the global limit, order and the scopes of 429.
#include "discord/rest/rate_limiter_script.hpp"

namespace guildfleet::discord {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(rate_limiter_script, probes_an_unknown_bucket_with_one_request) {
  const auto first = submit(call(routes::get_messages));
  submit(call(routes::get_messages));
  submit(call(routes::get_messages));
  EXPECT_THAT(take(), ElementsAre(first));
  answer(first, ok(5, 4, 5s));
  EXPECT_THAT(take(), ElementsAre(2, 3));
}

TEST_F(rate_limiter_script, probes_each_major_parameter_on_its_own) {
  submit(call(routes::get_messages, "1"));
  submit(call(routes::get_messages, "2"));
  EXPECT_THAT(take(), ElementsAre(1, 2));
}

TEST_F(rate_limiter_script, runs_as_many_in_parallel_as_remain_and_waits_for_the_reset) {
  warm_up(routes::get_messages, "1", ok(5, 4, 5s));
  for (int i = 0; i < 10; ++i) submit(call(routes::get_messages));
  EXPECT_THAT(take(), SizeIs(4));
  EXPECT_THAT(run(5049ms), IsEmpty());
  EXPECT_THAT(run(1ms), ElementsAre(6));  // the four under way may count in the new window
  for (request_ticket ticket = 2; ticket <= 5; ++ticket) answer(ticket, ok(5, 0, 0ms));
  EXPECT_THAT(take(), IsEmpty());
  answer(6, ok(5, 4, 5s));
  EXPECT_THAT(take(), SizeIs(4));
}

TEST_F(rate_limiter_script, answers_out_of_order_do_not_give_a_window_twice) {
  warm_up(routes::get_messages, "1", ok(5, 4, 5s));
  for (int i = 0; i < 8; ++i) submit(call(routes::get_messages));
  ASSERT_THAT(take(), ElementsAre(2, 3, 4, 5));
  answer(5, ok(5, 0, 5s));
  answer(2, ok(5, 3, 5s));
  answer(3, ok(5, 2, 5s));
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(rate_limiter_script, a_route_without_headers_has_no_bucket_limit) {
  warm_up(routes::get_roles, "1", plain(200));
  for (int i = 0; i < 20; ++i) submit(call(routes::get_roles));
  EXPECT_THAT(take(), SizeIs(20));
}

TEST_F(rate_limiter_script, routes_with_one_hash_share_what_remains) {
  warm_up(routes::add_reaction, "1", ok(2, 1, 10s));
  warm_up(routes::remove_own_reaction, "1", ok(2, 0, 10s));
  submit(call(routes::add_reaction));
  submit(call(routes::remove_own_reaction));
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_THAT(run(11s), SizeIs(2));
}

TEST_F(rate_limiter_script, a_new_hash_at_runtime_moves_the_route) {
  warm_up(routes::get_messages, "1", ok(5, 4, 60s, "old"));
  warm_up(routes::get_messages, "1", ok(2, 1, 60s, "new"));
  for (int i = 0; i < 5; ++i) submit(call(routes::get_messages));
  EXPECT_THAT(take(), SizeIs(1));
}

TEST_F(rate_limiter_script, never_sends_more_than_the_global_limit_in_any_second) {
  for (int i = 0; i < 120; ++i) submit(call(routes::get_guild, std::to_string(i)));
  const auto answered = [this](const tickets& sent) {
    for (const request_ticket each : sent) answer(each, plain(200));
    return sent.size();
  };
  EXPECT_EQ(answered(take()), 50U);
  EXPECT_THAT(run(1000ms), IsEmpty());
  EXPECT_EQ(answered(run(50ms)), 50U);
  limiter().set_global_per_second(10);
  EXPECT_EQ(answered(run(1050ms)), 10U);
}

TEST_F(rate_limiter_script, counts_a_request_that_reached_discord_late_from_then) {
  settings_.global_per_second = 2;
  const auto quick = submit(call(routes::get_guild, "1"));
  take();
  answer(quick, plain(200));
  pass(2s);
  const tickets late{submit(call(routes::get_guild, "2")), submit(call(routes::get_guild, "3"))};
  submit(call(routes::get_guild, "4"));
  EXPECT_EQ(take(), late);
  pass(400ms);
  for (const request_ticket each : late) answer(each, plain(200));
  EXPECT_THAT(run(999ms), IsEmpty());
  EXPECT_THAT(run(1ms), SizeIs(1));
}

TEST_F(rate_limiter_script, a_busy_bucket_does_not_starve_the_others_of_the_global_limit) {
  settings_.global_per_second = 4;
  warm_up(routes::get_messages, "1", plain(200));
  for (int i = 0; i < 6; ++i) submit(call(routes::get_messages));  // tickets 2 to 7
  const auto other = submit(call(routes::get_guild, "9"));
  EXPECT_THAT(take(), testing::Contains(other));
}

TEST_F(rate_limiter_script, interaction_callbacks_pass_the_global_limit_and_each_other) {
  for (int i = 0; i < 60; ++i) submit(call(routes::get_guild, std::to_string(i)));
  take();
  submit(call(routes::create_callback, "1/a"));
  submit(call(routes::create_callback, "1/a"));
  submit(call(routes::create_followup, "1/a"));
  EXPECT_THAT(take(), SizeIs(3));
}

TEST_F(rate_limiter_script, a_global_429_stops_every_call_but_interactions) {
  warm_up(routes::get_messages, "1", ok(5, 4, 5s));
  const auto hit = submit(call(routes::get_messages));
  take();
  EXPECT_EQ(answer(hit, limited(limit_scope::global, 3s)), after_attempt::wait_again);
  submit(call(routes::get_guild, "7"));
  const auto reply = submit(call(routes::create_callback, "9/t"));
  EXPECT_THAT(take(), ElementsAre(reply));
  EXPECT_THAT(run(3049ms), IsEmpty());
  EXPECT_THAT(run(1ms), SizeIs(2));
}

TEST_F(rate_limiter_script, a_users_429_holds_its_bucket_only) {
  warm_up(routes::get_messages, "1", ok(5, 4, 5s));
  const auto hit = submit(call(routes::get_messages));
  take();
  answer(hit, limited_in(ok(5, 0, 2s), 2s));
  const auto other = submit(call(routes::get_guild, "7"));
  EXPECT_THAT(take(), ElementsAre(other));
  EXPECT_THAT(run(2049ms), IsEmpty());
  EXPECT_THAT(run(1ms), ElementsAre(hit));
}

TEST_F(rate_limiter_script, a_429_with_requests_remaining_holds_only_equivalent_calls) {
  auto rename = call(routes::edit_channel);
  rename.hidden = &channel_name_limit;
  const auto renamed = submit(rename);
  take();
  EXPECT_EQ(answer(renamed, limited_in(ok(5, 4, 5s), 300s)), after_attempt::wait_again);
  const auto slowmode = submit(call(routes::edit_channel));
  EXPECT_THAT(take(), ElementsAre(slowmode));
  answer(slowmode, ok(5, 3, 5s));
  EXPECT_THAT(run(300s), IsEmpty());
  EXPECT_THAT(run(50ms), ElementsAre(renamed));
}

TEST_F(rate_limiter_script, a_third_channel_rename_waits_ten_minutes_without_asking_discord) {
  for (int i = 0; i < 3; ++i) {
    auto rename = call(routes::edit_channel);
    rename.hidden = &channel_name_limit;
    const auto ticket = submit(rename);
    if (i == 2) break;
    ASSERT_THAT(take(), ElementsAre(ticket));
    answer(ticket, ok(5, 4, 1s));
  }
  const auto topicless = submit(call(routes::edit_channel));
  EXPECT_THAT(take(), ElementsAre(topicless));
  answer(topicless, ok(5, 4, 1s));
  EXPECT_THAT(run(600s), IsEmpty());
  EXPECT_THAT(run(50ms), SizeIs(1));
}

TEST_F(rate_limiter_script, a_rename_that_would_wait_beyond_its_deadline_fails_at_once) {
  for (int i = 0; i < 3; ++i) {
    auto rename = call(routes::edit_channel);
    rename.hidden = &channel_name_limit;
    rename.deadline = now_ + 60s;
    const auto ticket = submit(rename);
    if (take().empty()) break;
    answer(ticket, ok(5, 4, 1s));
  }
  ASSERT_THAT(failed_, SizeIs(1));
  EXPECT_EQ(failed_[0].second, rest_error::deadline_too_early);
  EXPECT_GT(last_wait_, 590s);
}

TEST_F(rate_limiter_script, a_shared_429_waits_without_blocking_the_bucket) {
  warm_up(routes::create_message, "1", ok(5, 4, 5s));
  const auto hit = submit(call(routes::create_message));
  take();
  limit_signal signal = limited(limit_scope::shared, 4s);
  EXPECT_FALSE(signal.counts_as_invalid());
  EXPECT_EQ(answer(hit, signal), after_attempt::wait_again);
  EXPECT_THAT(run(4050ms), ElementsAre(hit));
}

TEST_F(rate_limiter_script, a_cloudflare_block_without_a_time_is_not_repeated_and_pauses_the_bot) {
  const auto hit = submit(call(routes::get_messages));
  take();
  limit_signal signal = plain(429);
  signal.scope = limit_scope::cloudflare;
  EXPECT_EQ(answer(hit, signal), after_attempt::deliver);
  submit(call(routes::get_guild));
  EXPECT_THAT(run(59s), IsEmpty());
  EXPECT_THAT(run(1s), SizeIs(1));
}

TEST_F(rate_limiter_script, writes_to_one_channel_keep_their_order_across_routes) {
  auto ordered = [](const route& route) {
    auto request = call(route);
    request.order_key = "messages/1";
    return request;
  };
  warm_up(routes::create_message, "1", ok(5, 4, 5s, "a"));
  warm_up(routes::edit_message, "1", ok(5, 4, 5s, "b"));
  const auto first = submit(ordered(routes::create_message));
  const auto second = submit(ordered(routes::edit_message));
  const auto third = submit(ordered(routes::create_message));
  EXPECT_THAT(take(), ElementsAre(first));
  answer(first, ok(5, 3, 5s, "a"));
  EXPECT_THAT(take(), ElementsAre(second));
  EXPECT_EQ(answer(second, plain(400)), after_attempt::deliver);
  EXPECT_THAT(take(), ElementsAre(third));
}

TEST_F(rate_limiter_script, a_write_that_is_tried_again_still_comes_before_the_next) {
  auto request = call(routes::create_message);
  request.order_key = "messages/1";
  request.has_nonce = true;
  const auto first = submit(request);
  const auto second = submit(request);
  take();
  EXPECT_EQ(answer(first, plain(502)), after_attempt::wait_again);
  EXPECT_THAT(run(600ms), ElementsAre(first));
  answer(first, ok(5, 4, 5s));
  EXPECT_THAT(take(), ElementsAre(second));
}

}  // namespace
}  // namespace guildfleet::discord
