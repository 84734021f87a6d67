#include "discord/rest/invalid_request_guard.hpp"

#include <gtest/gtest.h>

namespace guildfleet::discord {
namespace {

using namespace std::chrono_literals;

constexpr base::steady_time start{1h};

TEST(invalid_request_budget, stops_the_guilty_bot_and_lets_its_neighbours_go_on) {
  invalid_request_budget budget;
  budget.set_bots(80);
  ASSERT_EQ(budget.share(), 100);
  for (int i = 0; i < 99; ++i) EXPECT_FALSE(budget.add("bad", start));
  EXPECT_TRUE(budget.add("bad", start));
  EXPECT_FALSE(budget.add("bad", start));  // told once
  EXPECT_TRUE(budget.blocked_until("bad", start));
  EXPECT_FALSE(budget.blocked_until("good", start));
}

TEST(invalid_request_budget, goes_on_when_the_window_has_passed) {
  invalid_request_budget budget({.total = 100, .smallest_share = 1});
  for (int i = 0; i < 100; ++i) budget.add("bad", start);
  const auto until = budget.blocked_until("bad", start);
  ASSERT_TRUE(until);
  EXPECT_GE(*until, start + 600s);
  EXPECT_LE(*until, start + 610s);
  EXPECT_TRUE(budget.blocked_until("bad", *until - 1ms));
  EXPECT_FALSE(budget.blocked_until("bad", *until));
}

TEST(invalid_request_budget, goes_on_as_soon_as_the_oldest_are_forgotten) {
  invalid_request_budget budget({.total = 10, .smallest_share = 1});
  for (int i = 0; i < 5; ++i) budget.add("bad", start);
  for (int i = 0; i < 5; ++i) budget.add("bad", start + 300s);
  const auto until = budget.blocked_until("bad", start + 300s);
  ASSERT_TRUE(until);
  EXPECT_LE(*until, start + 610s);
  EXPECT_EQ(budget.count("bad", *until), 5);
}

TEST(invalid_request_budget, the_address_total_stops_everybody) {
  invalid_request_budget budget({.total = 100, .smallest_share = 50});
  budget.set_bots(10);
  for (int i = 0; i < 40; ++i) budget.add("a", start);
  for (int i = 0; i < 40; ++i) budget.add("b", start);
  EXPECT_FALSE(budget.blocked_until("c", start));
  for (int i = 0; i < 20; ++i) budget.add("d", start);
  EXPECT_TRUE(budget.blocked_until("c", start));
}

}  // namespace
}  // namespace guildfleet::discord
