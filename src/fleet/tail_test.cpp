#include "fleet/tail.hpp"

#include <gmock/gmock.h>

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr discord::guild_id slow{5};
constexpr discord::guild_id other{6};
constexpr boot_time noon{1'000s};

tail_note note() {
  return {.epoch = 4,
          .session_id = "session",
          .highest = 20,
          .open = {11, 14, 15},
          .running = {{11, slow}, {15, other}},
          .permit = 5s};
}

TEST(tail_permit, ends_after_its_time_or_with_the_term_of_a_lease) {
  EXPECT_EQ(tail_end(noon, noon + 13s), noon + 5s);
  EXPECT_EQ(tail_end(noon, noon + 2s), noon + 2s);
  EXPECT_EQ(tail_end(noon, noon - 1s), noon);
}

TEST(tail_permit, has_news_when_a_handler_ends_until_they_are_told) {
  tail_permit tail(4, {{11, slow}, {15, other}}, noon + 5s);
  EXPECT_FALSE(tail.has_news());
  tail.ended(11, noon + 1s);
  EXPECT_TRUE(tail.has_news());
  EXPECT_EQ(tail.word(), (tail_word{.epoch = 4, .running = {15}}));
  const std::uint64_t changes = tail.changes();
  tail.ended(15, noon + 2s);
  tail.told(changes);
  EXPECT_TRUE(tail.has_news()) << "of what ended while it was told";
  EXPECT_TRUE(tail.is_over());
}

TEST(tail_permit, counts_what_it_cuts_off_or_what_ends_too_late_as_not_done) {
  tail_permit tail(4, {{11, slow}, {15, other}}, noon + 5s);
  tail.ended(11, noon + 5s);
  tail.cut_off();
  tail.ended(15, noon + 5s);
  EXPECT_THAT(tail.word().cut_off, ElementsAre(11, 15));
  EXPECT_THAT(tail.word().running, IsEmpty());
}

TEST(tail_permit, does_not_count_events_of_others) {
  tail_permit tail(4, {{11, slow}}, noon + 5s);
  tail.ended(12, noon);
  EXPECT_FALSE(tail.has_news());
}

TEST(inherited_tail, belongs_to_the_lease_that_follows) {
  const inherited_tail tail(note(), noon);
  EXPECT_TRUE(tail.belongs_to(5));
  EXPECT_FALSE(tail.belongs_to(4));
  EXPECT_FALSE(tail.belongs_to(6));
}

TEST(inherited_tail, passes_what_was_done_and_holds_the_guilds_of_what_runs) {
  const inherited_tail tail(note(), noon);
  EXPECT_TRUE(tail.was_done(10));
  EXPECT_TRUE(tail.was_done(20));
  EXPECT_FALSE(tail.was_done(14)) << "it waited behind a handler";
  EXPECT_FALSE(tail.was_done(11)) << "it runs";
  EXPECT_FALSE(tail.was_done(21)) << "it is new";
  EXPECT_TRUE(tail.runs(11));
  EXPECT_TRUE(tail.holds(slow));
  EXPECT_TRUE(tail.holds(other));
  EXPECT_FALSE(tail.holds({7}));
}

TEST(inherited_tail, lets_a_guild_go_when_its_handler_ended) {
  inherited_tail tail(note(), noon);
  EXPECT_EQ(tail.hear({.epoch = 4, .running = {15}}), 1U);
  EXPECT_FALSE(tail.holds(slow));
  EXPECT_TRUE(tail.was_done(11));
  EXPECT_TRUE(tail.waits());
  EXPECT_EQ(tail.hear({.epoch = 4, .running = {15}}), 0U) << "the same again";
  EXPECT_EQ(tail.hear({.epoch = 4, .running = {}, .cut_off = {15}}), 1U);
  EXPECT_FALSE(tail.was_done(15)) << "its replay is to be handled";
  EXPECT_FALSE(tail.waits());
}

TEST(inherited_tail, does_not_hear_words_about_another_lease) {
  inherited_tail tail(note(), noon);
  EXPECT_EQ(tail.hear({.epoch = 3}), 0U);
  EXPECT_TRUE(tail.holds(slow));
}

TEST(inherited_tail, ends_by_itself_a_margin_after_the_permit) {
  inherited_tail tail(note(), noon);
  EXPECT_EQ(tail.lapse(noon + 5s), 0U);
  EXPECT_EQ(tail.ends_at(), noon + 5'500ms);
  EXPECT_EQ(tail.lapse(noon + 5'500ms), 2U);
  EXPECT_FALSE(tail.holds(slow));
  EXPECT_FALSE(tail.was_done(11));
  EXPECT_TRUE(tail.was_done(10));
}

TEST(inherited_tail, knows_nothing_of_another_sessions_events_but_leaves_the_guilds_alone) {
  inherited_tail tail(note(), noon);
  tail.enter_session("another");
  EXPECT_FALSE(tail.was_done(10));
  EXPECT_FALSE(tail.runs(11));
  EXPECT_TRUE(tail.holds(slow));
  tail.enter_session("session");
  EXPECT_TRUE(tail.was_done(10));
}

}  // namespace
}  // namespace guildfleet::fleet
