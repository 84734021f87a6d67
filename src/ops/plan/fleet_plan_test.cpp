// The parts of a plan together, and what programs read of it.
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/plan/plan_json.hpp"

namespace guildfleet::ops {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const price_list no_prices{};
constexpr base::wall_time today{};

plan_question of(std::uint64_t guilds) {
  plan_question out;
  out.bots = {{.name = "music", .guilds = guilds}};
  return out;
}

bot_plan only(const plan_question& question) {
  fleet_plan plan = plan_fleet(question, no_prices, today);
  EXPECT_EQ(plan.bots.size(), 1U);
  return std::move(plan.bots.front());
}

TEST(fleet_plan, grows_month_by_month) {
  plan_question question = of(10'000);
  question.growth = 0.1;
  question.months = 12;
  const bot_plan plan = only(question);
  ASSERT_EQ(plan.growth.size(), 13U);
  EXPECT_EQ(plan.growth.front().guilds, 10'000U);
  EXPECT_EQ(plan.growth[1].guilds, 11'000U);
  EXPECT_EQ(plan.growth.back().guilds, 31'384U);
  EXPECT_GT(plan.growth.back().shards, plan.growth.front().shards);
  EXPECT_GT(plan.growth.back().bytes, plan.growth.front().bytes);
  EXPECT_GT(plan.growth.back().cold_start, plan.growth.front().cold_start);
}

TEST(fleet_plan, tells_how_long_the_shards_last) {
  plan_question question = of(10'000);
  question.growth = 0.1;
  const bot_plan plan = only(question);
  ASSERT_TRUE(plan.lasts_months);
  EXPECT_NEAR(*plan.lasts_months, std::log(static_cast<double>(plan.shards.holds) / 10'000) / std::log(1.1),
              1e-9);
  question.growth = 0;
  EXPECT_FALSE(only(question).lasts_months);
}

TEST(fleet_plan, takes_discords_word_before_its_own_rule) {
  plan_question question = of(40'000);
  question.bots[0].discord =
      discord_figures{.shards = 40, .limit = {.total = 1'500, .remaining = 20, .max_concurrency = 4}};
  const bot_plan plan = only(question);
  EXPECT_EQ(plan.max_concurrency, 4U);
  EXPECT_FALSE(plan.max_concurrency_is_a_guess);
  EXPECT_EQ(plan.identifies.total, 1'500U);
  EXPECT_THAT(plan.warnings, Contains(HasSubstr("20 of 1500 identifies are left today")));
  question.max_concurrency = 2;
  EXPECT_EQ(only(question).max_concurrency, 2U);
}

TEST(fleet_plan, warns_of_a_configured_count_that_does_not_hold) {
  struct row {
    std::uint64_t guilds;
    std::uint32_t configured;
    std::string_view warning;
  };
  for (const row& each :
       {row{40'000, 10, "cannot connect (4011)"}, row{40'000, 18, "guildfleet reshard gives"},
        row{200'000, 130, "no multiple of 16"}}) {
    plan_question question = of(each.guilds);
    question.bots[0].configured_shards = each.configured;
    EXPECT_THAT(only(question).warnings, Contains(HasSubstr(each.warning))) << each.configured;
  }
  plan_question question = of(40'000);
  question.bots[0].configured_shards = 26;
  EXPECT_THAT(only(question).warnings, IsEmpty());
}

TEST(fleet_plan, names_pgbouncer_where_connections_run_out) {
  plan_question question = of(40'000);
  question.max_connections = 20;
  const fleet_plan plan = plan_fleet(question, no_prices, today);
  ASSERT_TRUE(plan.connections);
  EXPECT_THAT(plan.warnings, Contains(HasSubstr("pgbouncer")));
  question.uses_database = false;
  EXPECT_FALSE(plan_fleet(question, no_prices, today).connections);
}

TEST(fleet_plan, warns_of_too_many_requests_and_of_nodes_that_are_too_small) {
  plan_question question = of(40'000);
  question.requests_per_guild = 1;
  question.node_memory = 20e6;
  EXPECT_THAT(only(question).warnings, testing::AllOf(Contains(HasSubstr("667 requests a second")),
                                                      Contains(HasSubstr("more than 70 % of a node"))));
}

TEST(plan_json, has_every_part_for_programs) {
  plan_question question = of(40'000);
  question.bots.push_back({.name = "game", .guilds = 10});
  base::problem_list problems;
  const auto prices = parse_price_list(built_in_prices(), "data/platforms.yaml", problems);
  ASSERT_TRUE(prices);
  const auto json = plan_json(plan_fleet(question, *prices, today), question);
  ASSERT_EQ(json.at("bots").as_array().size(), 2U);
  const auto& bot = json.at("bots").at(0).as_object();
  EXPECT_EQ(bot.at("name"), "music");
  EXPECT_EQ(bot.at("guilds"), 40'000);
  EXPECT_EQ(bot.at("shards").at("common_rule"), 17);
  EXPECT_EQ(bot.at("shards").at("recommended"), 26);
  EXPECT_TRUE(bot.at("shards").at("discord").is_null());
  EXPECT_TRUE(bot.at("start").at("cold_expected_s").is_double());
  EXPECT_EQ(bot.at("nodes").at("recommended"), 2);
  EXPECT_EQ(bot.at("identifies").at("uses").at(0).at("identifies"), 0);
  EXPECT_TRUE(bot.at("identifies").at("uses").at(0).at("times_a_day").is_null());
  EXPECT_EQ(bot.at("identifies").at("crash_loop").at("restarts_until_token_reset"), 39);
  EXPECT_EQ(bot.at("growth").as_array().size(), 13U);
  EXPECT_EQ(bot.at("requests").at("limit_per_s"), 50.0);
  EXPECT_EQ(json.at("connections").at("usual"), 20);
  EXPECT_EQ(json.at("nodes"), 4);
  for (const auto& each : json.at("costs").as_array()) {
    const auto& cost = each.as_object();
    if (cost.at("price").is_null()) {
      EXPECT_TRUE(cost.contains("remark"));
      continue;
    }
    EXPECT_THAT(std::string(cost.at("age").as_string()), AnyOf("fresh", "old", "undated"));
    EXPECT_EQ(cost.at("currency").as_string().size(), 3U);
    EXPECT_FALSE(cost.at("source").as_string().empty());
  }
}

}  // namespace
}  // namespace guildfleet::ops
