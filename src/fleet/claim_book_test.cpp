#include "fleet/claim_book.hpp"

#include <gtest/gtest.h>

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;

constexpr discord::guild_id guild{5};
constexpr base::steady_time start{1h};
constexpr claim_timing timing{.refresh = 10s, .down_limit = 60s, .settle = 12s};

TEST(claim_book, acts_for_nothing_that_it_has_not_asked_about) {
  const claim_book book(timing, false);
  EXPECT_FALSE(book.knows(guild));
  EXPECT_EQ(book.owned(guild, start), 0U);
}

TEST(claim_book, acts_at_once_for_what_was_free) {
  claim_book book(timing, false);
  (void)book.learn(guild, 0b101, 0, start);
  EXPECT_EQ(book.owned(guild, start), 0b101U);
  EXPECT_EQ(book.held(), 2U);
}

TEST(claim_book, waits_until_the_other_bot_has_seen_that_a_claim_was_taken) {
  claim_book book(timing, false);
  (void)book.learn(guild, 0b11, 0b10, start);
  EXPECT_EQ(book.owned(guild, start + 11s), 0b01U);
  EXPECT_EQ(book.owned(guild, start + 12s), 0b11U);
  (void)book.learn(guild, 0b11, 0, start + 10s);
  EXPECT_EQ(book.owned(guild, start + 11s), 0b01U) << "the next look does not shorten it";
  EXPECT_EQ(book.owned(guild, start + 12s), 0b11U);
}

TEST(claim_book, tells_what_it_has_won_and_again_when_it_alone_acts) {
  claim_book book(timing, false);
  EXPECT_EQ(book.learn(guild, 0b11, 0b10, start), 0b11U);
  EXPECT_EQ(book.learn(guild, 0b11, 0, start + 10s), 0U);
  EXPECT_EQ(book.learn(guild, 0b11, 0, start + 20s), 0b10U);
  EXPECT_EQ(book.learn(guild, 0b11, 0, start + 30s), 0U);
  EXPECT_EQ(book.learn(guild, 0b10, 0, start + 40s), 0U);
  EXPECT_EQ(book.learn(guild, 0b11, 0, start + 50s), 0b01U);
}

TEST(claim_book, gives_way_as_soon_as_it_hears_that_another_has_it) {
  claim_book book(timing, false);
  (void)book.learn(guild, 0b11, 0, start);
  (void)book.learn(guild, 0b01, 0, start + 10s);
  EXPECT_EQ(book.owned(guild, start + 10s), 0b01U);
}

TEST(claim_book, stops_when_it_could_not_ask_for_so_long_that_another_may_have_it) {
  claim_book alone(timing, false);
  claim_book together(timing, true);
  for (claim_book* each : {&alone, &together}) (void)each->learn(guild, 1, 0, start);
  EXPECT_EQ(alone.owned(guild, start + 59s), 1U);
  EXPECT_EQ(alone.owned(guild, start + 60s), 0U);
  EXPECT_EQ(together.owned(guild, start + 60s), 1U);
}

TEST(claim_book, forgets_a_guild_that_was_left) {
  claim_book book(timing, false);
  (void)book.learn(guild, 1, 0, start);
  book.forget(guild);
  EXPECT_FALSE(book.knows(guild));
}

}  // namespace
}  // namespace guildfleet::fleet
