#include "fleet/identify_gate.hpp"

#include <deque>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/error.hpp"

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr base::steady_time start{std::chrono::hours(100)};
constexpr auto window = 5'050ms;

identify_gate gate_of(session_start_limit limit = {}, const store::identify_history& history = {},
                      const identify_settings& settings = {}) {
  return {"music", settings, limit, history, start};
}

bool grant(identify_gate& gate, discord::shard_id shard, base::steady_time now) {
  auto answer = gate.request(shard, now);
  auto* permit = std::get_if<identify_permit>(&answer);
  if (permit == nullptr) return false;
  std::move(*permit).use(now);
  return true;
}

base::steady_time told_to_wait(identify_gate& gate, discord::shard_id shard, base::steady_time now) {
  auto answer = gate.request(shard, now);
  const auto* wait = std::get_if<identify_wait>(&answer);
  return wait == nullptr ? base::steady_time::min() : wait->until;
}

TEST(identify_gate, grants_one_per_window_and_bucket) {
  identify_gate gate = gate_of();
  EXPECT_TRUE(grant(gate, {0, 2}, start));
  EXPECT_EQ(told_to_wait(gate, {1, 2}, start + 1s), start + window);
  EXPECT_FALSE(grant(gate, {1, 2}, start + window - 1ms));
  EXPECT_TRUE(grant(gate, {1, 2}, start + window));
}

TEST(identify_gate, what_was_not_sent_costs_nothing) {
  identify_gate gate("music", {.free_per_hour = 1}, {.total = 100, .remaining = 100}, {}, start);
  EXPECT_TRUE(grant(gate, {0, 1}, start));
  gate.not_sent({0, 1});
  EXPECT_EQ(gate.remaining(start), 100U);
  EXPECT_TRUE(grant(gate, {0, 1}, start + window)) << "it is no restart loop";
}

TEST(identify_gate, buckets_do_not_wait_for_each_other) {
  identify_gate gate = gate_of({.max_concurrency = 2});
  EXPECT_TRUE(grant(gate, {0, 4}, start));
  EXPECT_TRUE(grant(gate, {1, 4}, start));
  EXPECT_EQ(told_to_wait(gate, {2, 4}, start), start + window);
  EXPECT_EQ(told_to_wait(gate, {3, 4}, start), start + window);
}

TEST(identify_gate, lower_shards_of_a_bucket_go_first) {
  identify_gate gate = gate_of();
  EXPECT_TRUE(grant(gate, {5, 8}, start));
  told_to_wait(gate, {2, 8}, start);
  told_to_wait(gate, {1, 8}, start);
  EXPECT_FALSE(grant(gate, {2, 8}, start + window));
  EXPECT_TRUE(grant(gate, {1, 8}, start + window));
}

TEST(identify_gate, a_shard_that_does_not_come_back_loses_its_turn) {
  identify_gate gate = gate_of();
  EXPECT_TRUE(grant(gate, {0, 8}, start));
  told_to_wait(gate, {1, 8}, start);
  EXPECT_TRUE(grant(gate, {2, 8}, start + window + 2001ms));
}

TEST(identify_gate, a_shard_that_withdraws_frees_its_turn) {
  identify_gate gate = gate_of();
  EXPECT_TRUE(grant(gate, {0, 8}, start));
  told_to_wait(gate, {1, 8}, start);
  told_to_wait(gate, {2, 8}, start);
  gate.withdraw({1, 8});
  EXPECT_TRUE(grant(gate, {2, 8}, start + window));
}

TEST(identify_gate, a_permit_blocks_its_bucket_until_used_or_given_back) {
  identify_gate gate = gate_of();
  {
    auto permit = gate.request({0, 2}, start);
    ASSERT_TRUE(std::holds_alternative<identify_permit>(permit));
    EXPECT_FALSE(grant(gate, {1, 2}, start + 1min));
    identify_answer moved = std::move(permit);
    EXPECT_FALSE(grant(gate, {1, 2}, start + 1min));
  }
  EXPECT_EQ(gate.remaining(start), 1000U);
  EXPECT_TRUE(grant(gate, {1, 2}, start + 1min));
  EXPECT_EQ(gate.remaining(start), 999U);
}

TEST(identify_gate, another_process_may_hold_the_bucket) {
  identify_gate gate = gate_of();
  gate.bucket_busy_until({0, 1}, start + 3s);
  EXPECT_EQ(told_to_wait(gate, {0, 1}, start), start + 3s);
}

TEST(identify_gate, remembers_windows_across_restarts) {
  identify_gate gate = gate_of({}, {.last_day = 1, .last_hour = {{.shard = {0, 2}, .ago = 1s}}});
  EXPECT_EQ(told_to_wait(gate, {1, 2}, start), start - 1s + window);
}

TEST(identify_gate, starts_all_shards_as_fast_as_the_limit_allows) {
  identify_gate gate = gate_of({.total = 1000, .remaining = 1000, .max_concurrency = 16});
  base::steady_time now = start;
  std::deque<discord::shard_id> left;
  for (std::uint32_t index = 0; index < 64; ++index) left.push_back({index, 64});
  int rounds = 0;
  for (; !left.empty() && rounds < 10; ++rounds, now += window) {
    std::erase_if(left, [&](discord::shard_id shard) { return grant(gate, shard, now); });
  }
  EXPECT_EQ(rounds, 4);
}

TEST(identify_gate, slows_a_shard_that_identifies_again_and_again) {
  identify_gate gate = gate_of();
  base::steady_time now = start;
  for (int i = 0; i < 3; ++i, now += window) EXPECT_TRUE(grant(gate, {0, 1}, now));
  const base::steady_time last = now - window;
  EXPECT_EQ(told_to_wait(gate, {0, 1}, now), last + 30s);
  EXPECT_TRUE(grant(gate, {0, 1}, last + 30s));
  EXPECT_EQ(told_to_wait(gate, {0, 1}, last + 31s), last + 90s);
  EXPECT_TRUE(grant(gate, {0, 1}, start + 2h)) << "an hour later it is forgotten";
}

TEST(identify_gate, a_slowed_shard_does_not_keep_others_waiting) {
  store::identify_history loop;
  for (int i = 0; i < 4; ++i) loop.last_hour.push_back({.shard = {0, 2}, .ago = 10s});
  identify_gate gate = gate_of({}, loop);
  EXPECT_EQ(told_to_wait(gate, {0, 2}, start), start + 50s);
  EXPECT_TRUE(grant(gate, {1, 2}, start));
}

TEST(identify_gate, pause_grows_to_its_cap) {
  struct row {
    std::uint32_t last_hour;
    std::chrono::milliseconds pause;
  };
  for (const row& each : {row{0, 0s}, row{2, 0s}, row{3, 30s}, row{4, 60s}, row{5, 2min}, row{7, 8min},
                          row{8, 15min}, row{1000, 15min}}) {
    EXPECT_EQ(pause_before_identify(each.last_hour, {}), each.pause) << each.last_hour;
  }
}

TEST(identify_gate, floor_never_blocks_a_first_start) {
  struct row {
    std::uint32_t total;
    std::uint32_t shards;
    std::uint32_t floor;
  };
  for (const row& each : {row{1000, 1, 200}, row{1000, 800, 200}, row{1000, 900, 100}, row{1000, 1000, 0},
                          row{1000, 2000, 0}, row{25'000, 2000, 5000}, row{1, 1, 0}, row{0, 1, 0}}) {
    EXPECT_EQ(identify_floor({.total = each.total}, each.shards, 0.2), each.floor)
        << each.total << '/' << each.shards;
  }
}

TEST(identify_gate, refuses_below_the_floor_and_says_why_and_until_when) {
  identify_gate gate = gate_of({.total = 1000, .remaining = 201, .reset_after = 1h});
  EXPECT_TRUE(grant(gate, {0, 1}, start));
  auto answer = gate.request({0, 1}, start + 1min);
  const auto* refusal = std::get_if<identify_refusal>(&answer);
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->until, start + 1h);
  EXPECT_EQ(refusal->error.code(), fleet_error::identify_budget);
  EXPECT_THAT(refusal->error.message(),
              HasSubstr("bot music: shard 0/1: 200 of 1000 identifies left, 200 are kept back"));
  EXPECT_THAT(refusal->error.message(), HasSubstr("renewed in 3540 s"));
}

TEST(identify_gate, goes_on_after_the_days_reset) {
  identify_gate gate = gate_of({.total = 1000, .remaining = 0, .reset_after = 1h});
  EXPECT_FALSE(grant(gate, {0, 1}, start + 1h - 1ms));
  EXPECT_TRUE(grant(gate, {0, 1}, start + 1h));
  EXPECT_EQ(gate.remaining(start + 1h), 999U);
}

TEST(identify_gate, goes_on_after_a_newer_limit) {
  identify_gate gate = gate_of({.total = 1000, .remaining = 0, .reset_after = 1h});
  gate.update_limit({.total = 1000, .remaining = 999, .reset_after = 1h}, start + 1min);
  EXPECT_TRUE(grant(gate, {0, 1}, start + 1min));
}

TEST(identify_gate, a_new_concurrency_keeps_the_windows) {
  identify_gate gate = gate_of();
  EXPECT_TRUE(grant(gate, {0, 4}, start));
  gate.update_limit({.max_concurrency = 2}, start);
  EXPECT_EQ(told_to_wait(gate, {1, 4}, start), start + window);
}

TEST(identify_gate, a_reason_opens_the_floor_but_not_an_empty_budget) {
  const session_start_limit low{.total = 1000, .remaining = 1, .reset_after = 1h};
  identify_gate gate = gate_of(low);
  EXPECT_EQ(gate.floor(1, start), 200U);
  EXPECT_FALSE(grant(gate, {0, 1}, start));
  gate.open_floor(start + 10min);
  EXPECT_EQ(gate.floor(1, start), 0U);
  EXPECT_TRUE(grant(gate, {0, 1}, start));
  EXPECT_FALSE(grant(gate, {0, 1}, start + 1min));
}

TEST(identify_gate, the_floor_is_back_when_the_permission_ends) {
  identify_gate gate = gate_of({.total = 1000, .remaining = 100, .reset_after = 1h});
  gate.open_floor(start + 10s);
  EXPECT_TRUE(grant(gate, {0, 2}, start));
  EXPECT_FALSE(grant(gate, {1, 2}, start + 10s));
  EXPECT_EQ(gate.floor(2, start + 10s), 200U);
}

TEST(identify_gate, counts_what_other_nodes_used_since_discord_was_asked) {
  const store::identify_budget said{.total = 1000, .remaining = 250, .reset_after = 1h};
  struct row {
    std::chrono::milliseconds age;
    std::uint32_t used;
    std::uint32_t left;
    bool granted;
  };
  for (const row& each : {row{1min, 0, 250, true}, row{1min, 49, 201, true}, row{1min, 50, 200, false},
                          row{1min, 300, 0, false}, row{1h, 10, 990, true}, row{2h, 800, 200, false}}) {
    identify_gate gate = gate_of({.total = 1000, .remaining = 1000, .reset_after = 1h});
    gate.learn({.budget = store::known_budget{said, each.age, each.used}}, start);
    EXPECT_EQ(gate.remaining(start), each.left) << each.used;
    EXPECT_EQ(grant(gate, {0, 1}, start), each.granted) << each.used;
  }
}

TEST(identify_gate, learns_of_loops_and_windows_of_other_nodes) {
  identify_gate gate = gate_of();
  store::identify_history seen;
  for (const auto ago : {10s, 20s, 40s}) seen.last_hour.push_back({.shard = {0, 2}, .ago = ago});
  seen.last_hour.push_back({.shard = {1, 2}, .ago = 1s});
  gate.learn(seen, start);
  EXPECT_EQ(told_to_wait(gate, {0, 2}, start), start + 20s) << "slowed";
  EXPECT_EQ(told_to_wait(gate, {1, 2}, start), start - 1s + window) << "the bucket is busy";
}

TEST(identify_gate, slows_a_process_that_begins_anew_again_and_again) {
  struct row {
    std::uint32_t starts;
    std::chrono::milliseconds pause;
  };
  for (const row& each : {row{0, 0s}, row{2, 0s}, row{3, 30s}, row{4, 60s}, row{20, 15min}}) {
    identify_gate gate = gate_of({}, {.starts = {.count = each.starts, .newest_ago = 5s}});
    const auto until = start - 5s + each.pause;
    if (each.pause > 0s) {
      EXPECT_EQ(told_to_wait(gate, {0, 2}, start), until) << each.starts;
    }
    EXPECT_TRUE(grant(gate, {1, 2}, std::max(until, start))) << each.starts;
  }
}

TEST(identify_gate, tells_which_loop_it_saw) {
  identify_gate gate = gate_of({}, {.starts = {.count = 4, .newest_ago = 5s}});
  auto answer = gate.request({0, 2}, start);
  const auto* wait = std::get_if<identify_wait>(&answer);
  ASSERT_NE(wait, nullptr);
  EXPECT_TRUE(wait->is_loop());
  EXPECT_EQ(
      reason_of("music", {0, 2}, *wait, start),
      "bot music: this node was started 5 times within an hour and had to identify each time: a restart "
      "loop; shard 0/2 goes on in 55 s");
}

}  // namespace
}  // namespace guildfleet::fleet
