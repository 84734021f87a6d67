#include "features/moderation/case_book.hpp"

#include <gtest/gtest.h>

#include "features/test_kit/kept_records.hpp"
#include "features/test_kit/run.hpp"

namespace guildfleet::features {
namespace {

using namespace std::chrono_literals;
using test_kit::run;

class case_book_of : public testing::Test {
 protected:
  mod_case open(mod_action what, std::optional<base::wall_time> until, std::uint64_t event) {
    return run(book.open(here, {.action = what, .member = member, .until = until}, event)).value();
  }
  void confirm(const mod_case& one) { EXPECT_TRUE(run(book.confirm(here, one))); }
  void withdraw(const mod_case& one, std::uint64_t event) { run(book.withdraw(here, one, event)); }
  // The case whose end is noted, and whose bot keeps it; 0: none.
  std::pair<std::uint64_t, std::string> noted() {
    const auto found = run(book.ban_of(here, member)).value();
    return found ? std::pair(found->number, found->keeper) : std::pair<std::uint64_t, std::string>();
  }
  std::size_t taken_over_by(case_book& other) { return run(other.take_over_bans({here})).value().size(); }

  const discord::guild_id here{1};
  const discord::user_id member{2};
  const base::wall_time soon{1'000'000ms};
  const base::wall_time later{2'000'000ms};
  test_kit::kept_records records;
  case_book book{records, "bot1"};
};

TEST_F(case_book_of, a_ban_notes_its_end_before_discord_is_asked) {
  const mod_case one = open(mod_action::ban, soon, 100);
  EXPECT_EQ(noted(), std::pair(one.number, std::string("bot1")));
  EXPECT_EQ(records.changes, 1U);
  confirm(one);
  EXPECT_EQ(noted().first, one.number);
  EXPECT_EQ(records.changes, 2U);
}

TEST_F(case_book_of, what_discord_refuses_leaves_the_former_end) {
  const mod_case first = open(mod_action::ban, soon, 100);
  confirm(first);
  const std::size_t rows = records.rows.size();
  const struct {
    mod_action what;
    std::optional<base::wall_time> until;
  } refused[] = {{mod_action::ban, later}, {mod_action::ban, {}}, {mod_action::unban, {}}};
  std::uint64_t event = 101;
  for (const auto& each : refused) {
    const mod_case one = open(each.what, each.until, event);
    EXPECT_EQ(noted().first, first.number) << "Discord has not said yes";
    const std::size_t before = records.changes;
    withdraw(one, event++);
    EXPECT_EQ(records.changes, before + 1) << "together or not at all";
    EXPECT_EQ(noted().first, first.number);
    EXPECT_EQ(records.rows.size(), rows);
  }
}

TEST_F(case_book_of, what_discord_does_takes_the_former_ends_place_together_with_the_case) {
  const mod_case first = open(mod_action::ban, later, 100);
  confirm(first);
  const mod_case second = open(mod_action::ban, soon, 101);
  const std::size_t before = records.changes;
  confirm(second);
  EXPECT_EQ(records.changes, before + 1);
  EXPECT_EQ(noted().first, second.number);
  confirm(open(mod_action::ban, {}, 102));
  EXPECT_EQ(noted().first, 0U);
}

TEST_F(case_book_of, a_refused_first_ban_leaves_nothing) {
  withdraw(open(mod_action::ban, soon, 100), 100);
  EXPECT_EQ(noted().first, 0U);
  EXPECT_EQ(records.rows.size(), 0U);
}

TEST_F(case_book_of, an_older_case_that_is_confirmed_late_takes_nothing_back) {
  const mod_case first = open(mod_action::ban, soon, 100);
  confirm(open(mod_action::unban, {}, 101));
  confirm(first);
  EXPECT_EQ(noted().first, 0U);
}

TEST_F(case_book_of, an_event_that_comes_again_opens_no_second_case) {
  const mod_case one = open(mod_action::ban, soon, 100);
  EXPECT_EQ(open(mod_action::ban, later, 100), one);
  EXPECT_EQ(records.changes, 1U);
}

TEST_F(case_book_of, another_bot_that_takes_over_keeps_the_ends) {
  const mod_case one = open(mod_action::ban, soon, 100);
  confirm(one);
  case_book other(records, "bot2");
  EXPECT_EQ(taken_over_by(other), 1U);
  EXPECT_EQ(noted(), std::pair(one.number, std::string("bot2")));
  EXPECT_EQ(taken_over_by(other), 1U);
  confirm(open(mod_action::unban, {}, 101));
  EXPECT_EQ(taken_over_by(book), 0U);
}

}  // namespace
}  // namespace guildfleet::features
