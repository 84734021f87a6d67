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

// As other processes of the address would write it.
class written_ledger final : public address_ledger {
 public:
  bool note(const std::string& bot) override {
    noted.push_back(bot);
    return takes_notes;
  }
  std::vector<use> read() override {
    ++readings;
    return uses;
  }
  std::vector<use> uses;
  std::vector<std::string> noted;
  int readings = 0;
  bool takes_notes = true;
};

address_ledger::use use_of(std::string bot, int newest, int oldest = 0) {
  address_ledger::use out{std::move(bot), {}};
  out.counts.front() = newest;
  out.counts.back() = oldest;
  return out;
}

TEST(invalid_request_guard, counts_what_other_processes_of_the_address_did) {
  auto ledger = std::make_shared<written_ledger>();
  ledger->uses = {use_of("own", 3), use_of("other", 7'997)};
  invalid_request_guard guard;
  guard.set_bots(1);
  guard.share_with(ledger);
  EXPECT_TRUE(guard.blocked_until("own", start)) << "the address has used all";
  EXPECT_EQ(guard.count("own", start), 3);
  EXPECT_EQ(guard.share(), 4'000);
}

TEST(invalid_request_guard, forgets_what_is_too_old_in_the_ledger) {
  auto ledger = std::make_shared<written_ledger>();
  ledger->uses = {use_of("own", 0, 8'000)};
  invalid_request_guard guard;
  guard.share_with(ledger);
  EXPECT_TRUE(guard.blocked_until("own", start));
  ledger->uses = {use_of("own", 0)};
  EXPECT_FALSE(guard.blocked_until("own", start + 10s));
}

TEST(invalid_request_guard, reads_the_ledger_a_few_times_a_second_at_most) {
  auto ledger = std::make_shared<written_ledger>();
  invalid_request_guard guard;
  guard.share_with(ledger);
  for (int i = 0; i < 100; ++i) (void)guard.blocked_until("own", start + i * 10ms);
  EXPECT_EQ(ledger->readings, 4);
}

TEST(invalid_request_guard, notes_its_own_and_goes_on_alone_when_that_fails) {
  auto ledger = std::make_shared<written_ledger>();
  invalid_request_guard guard;
  guard.share_with(ledger);
  (void)guard.add("own", start);
  EXPECT_EQ(ledger->noted.size(), 1U);
  ledger->takes_notes = false;
  (void)guard.add("own", start);
  (void)guard.blocked_until("own", start + 1s);
  EXPECT_EQ(guard.count("own", start + 1s), 2) << "nothing is forgotten";
}

}  // namespace
}  // namespace guildfleet::discord
