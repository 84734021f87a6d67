#include "fleet/cut_window.hpp"

#include <gmock/gmock.h>

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr base::steady_time noon{1'000s};
constexpr event_identity reaction{5, false};
constexpr event_identity message_one{1, true};
constexpr event_identity message_two{2, true};

class two_feeds : public testing::Test {
 protected:
  void old_set(const event_identity& what, std::chrono::milliseconds after_noon) {
    acted.arrivals.push_back({what, noon + after_noon});
  }
  void new_set(const event_identity& what, std::chrono::milliseconds after_noon, bool kept = true) {
    fresh.push_back({fresh.size() + 1, {what, noon + after_noon}, kept});
  }
  [[nodiscard]] std::expected<guild_cut, cut_obstacle> match(bool guess = false) const {
    return match_feeds(acted, fresh, noon, limits, guess);
  }

  cut_limits limits{.delay = 1s};
  acted_events acted{.whole_since = noon, .stopped_at = noon + 10s};
  std::vector<fresh_arrival> fresh;
};

TEST_F(two_feeds, what_both_have_is_done_and_what_only_the_new_set_has_is_open) {
  old_set(message_one, 9'500ms);
  new_set(message_one, 9'700ms);
  new_set(message_two, 9'900ms);
  const auto cut = match();
  ASSERT_TRUE(cut);
  EXPECT_THAT(cut->open, ElementsAre(2));
  EXPECT_THAT(cut->owed, IsEmpty());
}

TEST_F(two_feeds, what_only_the_old_set_has_is_owed_until_the_new_one_is_shown_it) {
  old_set(message_one, 9'900ms);
  const auto cut = match();
  ASSERT_TRUE(cut);
  EXPECT_THAT(cut->owed, ElementsAre(counted_event{message_one, 1}));
  owed_events owed(cut->owed);
  EXPECT_FALSE(owed.take(message_two));
  EXPECT_TRUE(owed.take(message_one));
  EXPECT_FALSE(owed.take(message_one));
  EXPECT_TRUE(owed.empty());
}

TEST_F(two_feeds, events_of_one_kind_are_counted_since_both_last_rested) {
  // Once long ago, before the new session showed anything; then, after a rest, twice here and once there.
  old_set(reaction, 500ms);
  old_set(reaction, 9'300ms);
  old_set(reaction, 9'600ms);
  new_set(reaction, 9'700ms);
  const auto one_owed = match();
  ASSERT_TRUE(one_owed);
  EXPECT_THAT(one_owed->owed, ElementsAre(counted_event{reaction, 1}));
  EXPECT_THAT(one_owed->open, IsEmpty());

  new_set(reaction, 9'750ms);
  new_set(reaction, 9'800ms);
  const auto one_open = match();
  ASSERT_TRUE(one_open);
  EXPECT_THAT(one_open->open, ElementsAre(3));
}

TEST_F(two_feeds, a_kind_that_never_rests_is_waited_for_or_guessed) {
  for (auto at = 0ms; at < 10s; at += 900ms) old_set(reaction, at);
  for (auto at = 100ms; at < 10s; at += 900ms) new_set(reaction, at);
  EXPECT_EQ(match().error(), cut_obstacle::restless);
  EXPECT_TRUE(match(true));
}

TEST_F(two_feeds, a_session_that_is_not_whole_for_long_enough_is_waited_for) {
  acted.whole_since = noon + 8'500ms;
  EXPECT_EQ(match().error(), cut_obstacle::too_young);
  EXPECT_TRUE(match(true));
}

TEST_F(two_feeds, an_old_set_that_is_behind_is_waited_for) {
  new_set(message_one, 5s);
  EXPECT_EQ(match().error(), cut_obstacle::behind);
  const auto guessed = match(true);
  ASSERT_TRUE(guessed);
  EXPECT_THAT(guessed->open, ElementsAre(1)) << "rather twice than never";
}

TEST_F(two_feeds, an_old_session_that_is_silently_dead_shows_in_what_it_was_not_shown) {
  new_set(reaction, 5s);
  EXPECT_EQ(match().error(), cut_obstacle::behind);
  old_set(reaction, 5'100ms);
  EXPECT_TRUE(match());
}

TEST_F(two_feeds, what_came_before_the_old_set_kept_an_account_is_the_old_sets) {
  acted.whole_since = noon + 7s;
  new_set(message_one, 6'500ms, false);
  new_set(message_two, 7'900ms, false);
  const auto cut = match();
  ASSERT_TRUE(cut);
  EXPECT_THAT(cut->open, IsEmpty());
}

}  // namespace
}  // namespace guildfleet::fleet
