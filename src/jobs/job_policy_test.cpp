#include "jobs/job_policy.hpp"

#include <gtest/gtest.h>

namespace guildfleet::jobs {
namespace {

using namespace std::chrono_literals;

constexpr base::wall_time now{1'800'000'000'000ms};

TEST(job_policy, a_job_that_is_done_is_finished) {
  base::random_source random(1);
  EXPECT_EQ(judge(job_done{}, 1, now, {}, random), job_verdict(finish_job{}));
}

TEST(job_policy, a_repeating_job_waits_for_its_next_time) {
  base::random_source random(1);
  EXPECT_EQ(judge(job_again{now + 24h}, 9, now, {}, random), job_verdict(postpone_job{now + 24h, ""}));
}

TEST(job_policy, failures_pause_longer_each_time_and_end_with_a_burial) {
  base::random_source random(1);
  const job_limits limits{.max_attempts = 5, .first_pause = 1s, .longest_pause = 3s};
  const std::array longest{1s, 2s, 3s, 3s};
  for (std::uint32_t attempt = 1; attempt < 5; ++attempt) {
    const auto verdict = judge(job_failed{"no", false}, attempt, now, limits, random);
    const auto* wait = std::get_if<postpone_job>(&verdict);
    ASSERT_NE(wait, nullptr) << attempt;
    EXPECT_EQ(wait->error, "no");
    EXPECT_GE(wait->due - now, longest.at(attempt - 1) / 2) << attempt;
    EXPECT_LE(wait->due - now, longest.at(attempt - 1)) << attempt;
  }
  EXPECT_EQ(judge(job_failed{"no", false}, 5, now, limits, random), job_verdict(bury_job{"no"}));
}

TEST(job_policy, a_permanent_failure_is_buried_at_once) {
  base::random_source random(1);
  EXPECT_EQ(judge(job_failed{"the channel is gone", true}, 1, now, {}, random),
            job_verdict(bury_job{"the channel is gone"}));
}

TEST(job_policy, a_run_that_is_put_back_stays_the_same_run_whatever_its_attempt) {
  base::random_source random(1);
  EXPECT_EQ(judge(job_put_back{now + 1s, "the node stops"}, 99, now, {}, random),
            job_verdict(put_back_job{now + 1s, "the node stops"}));
}

TEST(job_policy, never_writes_an_empty_reason_which_would_begin_a_new_run) {
  base::random_source random(1);
  const std::string said = "no reason was given";
  EXPECT_EQ(judge(job_put_back{now, ""}, 1, now, {}, random), job_verdict(put_back_job{now, said}));
  EXPECT_EQ(judge(job_failed{"", true}, 1, now, {}, random), job_verdict(bury_job{said}));
  const auto verdict = judge(job_failed{"", false}, 1, now, {}, random);
  ASSERT_TRUE(std::holds_alternative<postpone_job>(verdict));
  EXPECT_EQ(std::get<postpone_job>(verdict).error, said);
}

TEST(job_policy, sleeps_until_the_next_job_but_looks_again_in_time) {
  EXPECT_EQ(time_to_sleep(5s, {}), 5s);
  EXPECT_EQ(time_to_sleep(0ms, {}), 0ms);
  EXPECT_EQ(time_to_sleep(-3s, {}), 0ms);
  EXPECT_EQ(time_to_sleep(24h * 365, {}), 30s);
  EXPECT_EQ(time_to_sleep(std::nullopt, {}), 30s);
}

TEST(start_pace, allows_a_burst_and_then_its_rate) {
  base::steady_time time{1h};
  start_pace pace(10, time);
  EXPECT_EQ(pace.available(time), 0U) << "a predecessor may have used this second";
  time += 1h;
  EXPECT_EQ(pace.available(time), 10U);
  pace.take(10);
  EXPECT_EQ(pace.available(time), 0U);
  EXPECT_EQ(pace.next_at(), time + 100ms);
  EXPECT_EQ(pace.available(time + 100ms), 1U);
  EXPECT_EQ(pace.available(time + 550ms), 5U);
  EXPECT_EQ(pace.available(time + 1h), 10U);
}

}  // namespace
}  // namespace guildfleet::jobs
