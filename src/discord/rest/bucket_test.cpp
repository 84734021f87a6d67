#include "discord/rest/bucket.hpp"

#include <gtest/gtest.h>

namespace guildfleet::discord {
namespace {

using namespace std::chrono_literals;

constexpr base::steady_time start{1h};

limit_signal answer(int limit, int remaining, std::chrono::milliseconds reset_after) {
  return {.status = 200,
          .bucket_hash = "h",
          .limit = limit,
          .remaining = remaining,
          .reset_after = reset_after,
          .scope = {},
          .retry_after = {}};
}

// One request that is answered `latency` after it was sent.
void round_trip(bucket& of, const limit_signal& signal, base::steady_time sent,
                std::chrono::milliseconds latency) {
  of.on_sent(sent);
  of.on_finished();
  of.on_signal(signal, sent, sent + latency);
}

TEST(bucket, lets_one_request_probe) {
  bucket one(50ms);
  EXPECT_EQ(one.free_at(start), start);
  one.on_sent(start);
  EXPECT_EQ(one.free_at(start), std::nullopt);
}

TEST(bucket, opens_again_after_the_reset_and_the_slack) {
  bucket one(50ms);
  round_trip(one, answer(1, 0, 1000ms), start, 10ms);
  EXPECT_EQ(one.free_at(start + 10ms), start + 1060ms);
  EXPECT_EQ(one.free_at(start + 1060ms), start + 1060ms);
}

TEST(bucket, a_window_of_which_no_answer_told_lasts_as_long_as_the_one_before) {
  bucket one(50ms);
  round_trip(one, answer(1, 0, 1000ms), start, 10ms);
  one.on_sent(start + 1060ms);
  one.on_finished();  // the connection broke
  EXPECT_EQ(one.free_at(start + 1100ms), start + 2110ms);
}

TEST(bucket, a_late_answer_of_an_old_window_does_not_shorten_the_new_one) {
  bucket one(0ms);
  one.on_sent(start);
  one.on_finished();
  one.on_signal(answer(2, 1, 1000ms), start, start);
  one.on_sent(start + 10ms);  // its answer will be late
  one.on_sent(start + 1000ms);
  one.on_finished();
  one.on_signal(answer(2, 0, 990ms), start + 10ms, start + 1020ms);
  EXPECT_EQ(one.free_at(start + 1020ms), start + 2000ms);
}

TEST(bucket, a_refused_time_holds_it_whatever_remains) {
  bucket one(0ms);
  round_trip(one, answer(5, 4, 1000ms), start, 0ms);
  one.block(start + 3s);
  EXPECT_EQ(one.free_at(start), start + 3s);
}

TEST(bucket, estimates_the_turn_of_those_far_behind) {
  bucket one(0ms);
  round_trip(one, answer(5, 4, 2000ms), start, 0ms);
  EXPECT_EQ(one.estimate(3, start), start);
  EXPECT_EQ(one.estimate(4, start), start + 2s);
  EXPECT_EQ(one.estimate(9, start), start + 4s);
}

TEST(bucket, a_server_error_without_headers_proves_nothing) {
  bucket one(0ms);
  limit_signal failed;
  failed.status = 502;
  round_trip(one, failed, start, 0ms);
  one.on_sent(start);
  EXPECT_EQ(one.free_at(start), std::nullopt);
}

}  // namespace
}  // namespace guildfleet::discord
