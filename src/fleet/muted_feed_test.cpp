#include "fleet/muted_feed.hpp"

#include <gmock/gmock.h>

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr base::steady_time noon{1'000s};
constexpr discord::guild_id guild{7};
constexpr discord::guild_id other_guild{8};

class both_sides : public testing::Test {
 protected:
  both_sides() {
    old_side.whole(noon);
    new_side.whole(noon);
  }
  static feed_event message(std::uint64_t id, std::uint64_t sequence, discord::guild_id in = guild) {
    return {in, sequence, {id, true}, "text"};
  }
  [[nodiscard]] auto plan(base::steady_time at = noon + 10s) {
    EXPECT_TRUE(old_side.pause(guild, at));
    return new_side.plan(guild, old_side.acted(guild).value());
  }

  cut_limits limits{.delay = 1s, .keep = 8s, .max_events = 6};
  retiring_feed old_side{limits};
  muted_feed new_side{limits};
};

TEST_F(both_sides, each_event_is_acted_on_by_one_of_them) {
  EXPECT_EQ(old_side.take(message(1, 11), noon + 9'500ms), retiring_verdict::act);
  EXPECT_EQ(new_side.take(message(1, 21), noon + 9'600ms), muted_verdict::keep);
  EXPECT_EQ(old_side.take(message(2, 12), noon + 9'700ms), retiring_verdict::act);
  EXPECT_EQ(new_side.take(message(3, 22), noon + 9'800ms), muted_verdict::keep);
  const auto cut = plan();
  ASSERT_TRUE(cut);
  EXPECT_EQ(old_side.take(message(3, 13), noon + 10'100ms), retiring_verdict::hold);
  EXPECT_EQ(new_side.take(message(2, 23), noon + 10'200ms), muted_verdict::keep);
  EXPECT_EQ(new_side.take(message(4, 24), noon + 10'300ms), muted_verdict::keep);

  const taken_over what = new_side.apply(*cut);
  EXPECT_THAT(what.act, ElementsAre(held_event{22, "text"}, held_event{24, "text"}));
  EXPECT_THAT(what.passed, ElementsAre(21, 23));
  EXPECT_THAT(old_side.cut(guild), ElementsAre(13));
  EXPECT_EQ(old_side.take(message(4, 14), noon + 10'400ms), retiring_verdict::drop);
  EXPECT_EQ(new_side.take(message(5, 25), noon + 10'500ms), muted_verdict::act);
  EXPECT_EQ(old_side.take(message(6, 15, other_guild), noon + 10'500ms), retiring_verdict::act);
}

TEST_F(both_sides, a_cut_that_is_not_made_gives_the_old_side_what_it_held) {
  ASSERT_TRUE(old_side.pause(guild, noon + 10s));
  EXPECT_FALSE(old_side.pause(guild, noon + 10s));
  EXPECT_EQ(old_side.take(message(1, 11), noon + 10'100ms), retiring_verdict::hold);
  EXPECT_THAT(old_side.resume(guild), ElementsAre(held_event{11, "text"}));
  EXPECT_EQ(old_side.take(message(2, 12), noon + 10'200ms), retiring_verdict::act);
  EXPECT_FALSE(old_side.acted(guild)) << "it acts";
}

TEST_F(both_sides, an_old_session_that_is_not_whole_has_no_account_to_hand_over) {
  old_side.broken();
  ASSERT_TRUE(old_side.pause(guild, noon + 10s));
  EXPECT_FALSE(old_side.acted(guild));
  old_side.whole(noon + 11s);
  EXPECT_FALSE(old_side.acted(guild)) << "it stopped before";
}

TEST_F(both_sides, a_new_session_that_breaks_forgets_what_is_the_old_sets_all_the_same) {
  EXPECT_EQ(new_side.take(message(1, 21), noon + 9s), muted_verdict::keep);
  new_side.broken();
  EXPECT_THAT(new_side.take_passed(), ElementsAre(21));
  EXPECT_EQ(new_side.take(message(2, 22), noon + 9'100ms), muted_verdict::drop);
  EXPECT_EQ(plan().error(), cut_obstacle::too_young);
}

TEST_F(both_sides, what_is_kept_has_bounds_in_time_and_number) {
  EXPECT_EQ(new_side.take(message(1, 21), noon + 1s), muted_verdict::keep);
  new_side.settle(noon + 9'500ms, 0);
  EXPECT_THAT(new_side.take_passed(), ElementsAre(21));
  EXPECT_EQ(new_side.kept_bytes(), 0U);
  for (std::uint64_t i = 0; i < 7; ++i) (void)new_side.take(message(2 + i, 22 + i), noon + 9'600ms);
  EXPECT_EQ(new_side.kept_events(), 0U);
  EXPECT_EQ(new_side.take_passed().size(), 7U);
  EXPECT_EQ(plan().error(), cut_obstacle::too_young) << "its account began anew";
}

TEST_F(both_sides, the_ledger_stays_behind_a_cut_until_its_account_is_settled) {
  EXPECT_EQ(new_side.take(message(1, 21), noon + 9'600ms), muted_verdict::keep);
  EXPECT_EQ(new_side.floor(), std::nullopt);
  const auto cut = plan();
  ASSERT_TRUE(cut);
  (void)new_side.apply(*cut);
  new_side.settle(noon + 10'900ms, 21);
  EXPECT_EQ(new_side.floor(), 21U);
  EXPECT_EQ(new_side.take(message(2, 22), noon + 11s), muted_verdict::act);
  new_side.settle(noon + 11'100ms, 21);
  EXPECT_EQ(new_side.floor(), 21U) << "an event told by its account has not ended";
  new_side.settle(noon + 11'200ms, 22);
  EXPECT_EQ(new_side.floor(), std::nullopt);
}

TEST_F(both_sides, a_session_that_is_resumed_decides_the_same_again) {
  EXPECT_EQ(old_side.take(message(1, 11), noon + 9'600ms), retiring_verdict::act);
  EXPECT_EQ(old_side.take(message(3, 12), noon + 9'700ms), retiring_verdict::act);
  EXPECT_EQ(new_side.take(message(1, 21), noon + 9'600ms), muted_verdict::keep);
  EXPECT_EQ(new_side.take(message(2, 22), noon + 9'700ms), muted_verdict::keep);
  const auto cut = plan();
  ASSERT_TRUE(cut);
  muted_feed again(limits);
  again.restore(*cut, 20);
  EXPECT_EQ(again.floor(), 22U);
  EXPECT_EQ(again.take(message(1, 21), noon + 20s), muted_verdict::drop);
  EXPECT_EQ(again.take(message(2, 22), noon + 20s), muted_verdict::act);
  EXPECT_EQ(again.take(message(3, 23), noon + 20s), muted_verdict::drop);
  EXPECT_EQ(again.take(message(4, 24), noon + 20s), muted_verdict::act);

  muted_feed later(limits);
  later.restore(*cut, 23);
  EXPECT_EQ(later.floor(), std::nullopt);
  EXPECT_EQ(later.take(message(3, 24), noon + 20s), muted_verdict::act) << "its account was settled";
}

TEST_F(both_sides, what_was_kept_of_guilds_that_the_old_set_never_knew_is_the_new_sets_once_that_is_gone) {
  EXPECT_EQ(new_side.take(message(1, 21), noon + 9s), muted_verdict::keep);
  EXPECT_EQ(new_side.take(message(2, 22, other_guild), noon + 9s), muted_verdict::keep);
  EXPECT_EQ(new_side.take(message(3, 23), noon + 9s), muted_verdict::keep);
  EXPECT_THAT(new_side.take_kept(),
              ElementsAre(held_event{21, "text"}, held_event{22, "text"}, held_event{23, "text"}));
  EXPECT_EQ(new_side.kept_events(), 0U);
  EXPECT_EQ(new_side.kept_bytes(), 0U);
  EXPECT_THAT(new_side.take_kept(), IsEmpty());
}

}  // namespace
}  // namespace guildfleet::fleet
