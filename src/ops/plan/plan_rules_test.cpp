// The arithmetic of a plan, rule by rule.
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/plan/budget_plan.hpp"
#include "ops/plan/capacity_plan.hpp"
#include "ops/plan/figure_text.hpp"
#include "ops/plan/shard_plan.hpp"
#include "ops/plan/start_plan.hpp"

namespace guildfleet::ops {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(shard_plan, sets_the_common_rule_beside_what_can_connect_and_what_lasts) {
  struct row {
    std::uint64_t guilds;
    std::uint32_t common_rule;
    std::uint32_t least;
    std::uint32_t recommended;
  };
  for (const row& each : {row{1, 1, 1, 1}, row{1'666, 1, 1, 1}, row{1'667, 1, 1, 2}, row{2'499, 1, 1, 2},
                          row{2'500, 2, 1, 2}, row{2'501, 2, 2, 2}, row{4'900, 2, 2, 4}, row{4'999, 2, 3, 4},
                          row{5'000, 3, 3, 4}, row{40'000, 17, 17, 26}}) {
    const shard_plan plan = plan_shards({.guilds = each.guilds});
    EXPECT_EQ(plan.common_rule, each.common_rule) << each.guilds;
    EXPECT_EQ(plan.least, each.least) << each.guilds;
    EXPECT_EQ(plan.recommended, each.recommended) << each.guilds;
  }
}

TEST(shard_plan, lets_the_fullest_shard_connect) {
  for (const std::uint64_t guilds : {2'500ULL, 2'501ULL, 9'999ULL, 149'999ULL, 3'000'000ULL}) {
    const std::uint32_t least = fewest_shards(guilds);
    EXPECT_LE(fullest_shard(guilds, least), most_guilds_per_shard) << guilds;
    if (least > 1) EXPECT_GT(fullest_shard(guilds, least - 1), most_guilds_per_shard) << guilds;
    EXPECT_GE(guilds_that_fit(least), guilds);
  }
  EXPECT_EQ(guilds_that_fit(1), 2'500U);
}

// Ids that follow one another as Discord's do are spread over the shards like dice.
TEST(shard_plan, knows_how_full_the_fullest_shard_gets) {
  constexpr std::uint32_t shards = 24;
  constexpr std::uint64_t guilds = 48'000;
  std::vector<std::uint64_t> counts(shards, 0);
  std::uint64_t state = 42;
  for (std::uint64_t i = 0; i < guilds; ++i) {
    state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
    ++counts[(state >> 33) % shards];
  }
  const auto seen = static_cast<double>(*std::ranges::max_element(counts));
  EXPECT_NEAR(static_cast<double>(fullest_shard(guilds, shards)), seen, 60);
}

TEST(shard_plan, keeps_to_the_multiple_that_discord_assigned_to_a_large_bot) {
  struct row {
    std::uint64_t guilds;
    std::optional<std::uint32_t> told;
    std::optional<std::uint32_t> discord;
    std::uint32_t multiple;
    bool guess;
  };
  for (const row& each :
       {row{149'999, {}, {}, 1, false}, row{150'000, {}, {}, 16, true}, row{150'000, {}, 144, 144, false},
        row{150'000, 48, 144, 48, false}, row{149'999, {}, 150, 1, false}}) {
    const shard_plan plan =
        plan_shards({.guilds = each.guilds, .multiple = each.told, .discord_says = each.discord});
    EXPECT_EQ(plan.multiple, each.multiple) << each.guilds;
    EXPECT_EQ(plan.multiple_is_a_guess, each.guess) << each.guilds;
    EXPECT_EQ(plan.recommended % each.multiple, 0U);
    EXPECT_EQ(plan.least % each.multiple, 0U);
  }
  EXPECT_EQ(plan_shards({.guilds = 150'000}).recommended, 96U);
  EXPECT_EQ(plan_shards({.guilds = 160'000}).recommended, 112U);
}

TEST(shard_plan, says_why_the_counts_differ) {
  const auto why = [](std::uint64_t guilds) { return plan_shards({.guilds = guilds}).why(guilds); };
  EXPECT_THAT(why(40'000), AllOf(HasSubstr("17 hold up to 40,"), HasSubstr("above 2,500 cannot connect"),
                                 HasSubstr("4011"), HasSubstr("26 hold up to 6")));
  EXPECT_THAT(why(4'999), HasSubstr("With 2 the fullest would have about 2,5"));
  EXPECT_THAT(why(1'000), AllOf(HasSubstr("1 hold"), HasSubstr("room enough"), Not(HasSubstr("4011"))));
  EXPECT_THAT(why(150'000),
              AllOf(HasSubstr("multiple of 16"), HasSubstr("61 are refused"), HasSubstr("4010")));
}

TEST(start_plan, takes_as_long_as_was_measured) {
  const start_plan large = plan_start(2'000'000, 2'000, 16);
  EXPECT_EQ(large.turns, 125U);
  EXPECT_EQ(large.at_least, 124 * 5'050ms);
  EXPECT_NEAR(static_cast<double>(large.expected / 1s), 684, 15);
  EXPECT_NEAR(static_cast<double>(plan_start(320'000, 320, 16).expected / 1s), 97, 12);
}

TEST(start_plan, of_one_turn_waits_for_nobody) {
  EXPECT_EQ(plan_start(1'000, 1, 1).at_least, 0ms);
  EXPECT_EQ(plan_start(1'000, 1, 1).expected, 1s);
  EXPECT_EQ(plan_start(30'000, 16, 16).expected, 1s);
  EXPECT_EQ(plan_start(30'000, 17, 16).turns, 2U);
}

TEST(start_plan, of_a_resume_does_not_wait_for_buckets) {
  const start_plan plan = plan_start(40'000, 26, 1);
  EXPECT_GT(plan.expected, 2min);
  EXPECT_LT(plan.resume, 6s);
  EXPECT_LT(plan.handed_over, 100ms);
  EXPECT_EQ(plan_start(40'000, 26, 16).resume, plan.resume);
}

// docs/benchmarks.md, "Guilds and shards": what a busy node was seen to take.
TEST(capacity_plan, agrees_with_what_was_measured) {
  struct row {
    double guilds;
    double shards;
    double megabytes;
  };
  EXPECT_NEAR(need_of({.guilds = 2'560, .shards = 64, .zstd = false}, {}).bytes / 1e6, 34.5, 3.5);
  for (const row& each : {row{16, 1, 18.8}, row{1'000, 1, 22.4}, row{5'000, 4, 37.2}, row{20'000, 16, 91.6},
                          row{2'560, 2, 28.4}, row{2'560, 64, 78.2}}) {
    const node_need need = need_of({.guilds = each.guilds, .shards = each.shards}, {});
    EXPECT_NEAR(need.bytes / 1e6, each.megabytes, each.megabytes * 0.1) << each.guilds << ":" << each.shards;
  }
}

TEST(capacity_plan, has_a_node_more_than_suffice_where_the_bot_must_outlive_one) {
  const node_load small{.guilds = 1'000, .shards = 1};
  const double memory = 256 << 20;
  EXPECT_EQ(plan_nodes({.all = small, .node_memory = memory}, {}).nodes, 2U);
  EXPECT_EQ(plan_nodes({.all = small, .node_memory = memory, .survives_a_node = false}, {}).nodes, 1U);
  EXPECT_EQ(plan_nodes({.all = small, .node_memory = memory, .at_least = 3}, {}).nodes, 3U);
  const node_plan large = plan_nodes({.all = {.guilds = 200'000, .shards = 128}, .node_memory = memory}, {});
  EXPECT_GT(large.carriers, 4U);
  EXPECT_EQ(large.nodes, large.carriers + 1);
  EXPECT_LE(large.each.bytes, memory * planned_part);
}

TEST(capacity_plan, adds_nodes_for_processors_too) {
  const node_load busy{.guilds = 10'000, .shards = 8, .events_per_s = 500'000};
  const node_plan plan =
      plan_nodes({.all = busy, .node_memory = 8e9, .node_cores = 1, .survives_a_node = false}, {});
  EXPECT_EQ(plan.carriers, 3U);
}

TEST(capacity_plan, says_when_not_even_a_shard_fits_a_node) {
  const node_plan plan = plan_nodes({.all = {.guilds = 5'000, .shards = 2}, .node_memory = 20e6}, {});
  EXPECT_FALSE(plan.fits);
  EXPECT_EQ(plan.carriers, 2U);
}

TEST(identify_plan, follows_the_class_of_the_bot) {
  EXPECT_EQ(identifies_of_a_day(149'999), 1'000U);
  EXPECT_EQ(identifies_of_a_day(150'000), 2'000U);
  EXPECT_EQ(identifies_of_a_day(400'000), 2'000U);
  EXPECT_EQ(identifies_of_a_day(1'000'000), 5'000U);
  EXPECT_EQ(usual_max_concurrency(149'999), 1U);
  EXPECT_EQ(usual_max_concurrency(150'000), 16U);
}

TEST(identify_plan, costs_nothing_where_sessions_are_handed_over) {
  const identify_plan plan =
      plan_identifies({.shards = 26, .limit = {.total = 1'000}, .floor_share = 0.2, .cold_start = 138s});
  EXPECT_EQ(plan.floor, 200U);
  ASSERT_EQ(plan.uses.size(), 4U);
  EXPECT_EQ(plan.uses[0].identifies, 0U);
  EXPECT_FALSE(plan.uses[0].times);
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(plan.uses[i].identifies, 26U);
    EXPECT_EQ(plan.uses[i].times, 30U);
  }
  EXPECT_EQ(plan.crashes_until_reset, 39U);
  EXPECT_EQ(plan.time_until_reset, 39 * 138s);
}

TEST(request_plan, is_held_against_fifty_a_second) {
  EXPECT_DOUBLE_EQ(plan_requests(40'000, {}).seconds_per_guild, 800);
  EXPECT_FALSE(plan_requests(40'000, {}).per_second);
  EXPECT_FALSE(plan_requests(30'000, 0.1).too_many());
  EXPECT_TRUE(plan_requests(30'060, 0.1).too_many());
}

TEST(connection_plan, counts_both_releases_of_a_rollout) {
  const connection_plan fits = plan_connections({.nodes = 9, .per_node = 4, .max_connections = 100});
  EXPECT_EQ(fits.usual, 45U);
  EXPECT_EQ(fits.in_a_rollout, 90U);
  EXPECT_EQ(fits.usable, 92U);
  EXPECT_FALSE(fits.too_many());
  EXPECT_TRUE(plan_connections({.nodes = 10, .per_node = 4, .max_connections = 100}).too_many());
  EXPECT_FALSE(plan_connections({.nodes = 10, .per_node = 4, .listens = false}).too_many());
  EXPECT_TRUE(plan_connections({.nodes = 1, .max_connections = 5}).too_many());
}

TEST(figure_text, reads_well) {
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(bytes_text(3'400), "3.4 kB");
  EXPECT_EQ(bytes_text(98.7e6), "99 MB");
  EXPECT_EQ(bytes_text(2.14e9), "2.1 GB");
  EXPECT_EQ(time_text(230ms), "0.2 s");
  EXPECT_EQ(time_text(138s), "2 min 18 s");
  EXPECT_EQ(time_text(2h + 4min), "2 h 04 min");
  EXPECT_EQ(share_text(0.025), "2.5 %");
}

}  // namespace
}  // namespace guildfleet::ops
