#include "bot/two_sets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/guild_cut_json.hpp"

namespace guildfleet::bot {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr base::steady_time start{1h};
constexpr discord::guild_id guild{7};
constexpr discord::guild_id other{8};
const store::lease_key fresh_shard{{"music"}, {0, 3}};

fleet::feed_event event(discord::guild_id of, std::uint64_t sequence) {
  return {of, sequence, {sequence, true}, "text"};
}

store::guild_cut_row row_of(const fleet::guild_cut& cut, const std::string& session) {
  return {cut.guild, fresh_shard, session, fleet::to_json(cut)};
}

TEST(retiring_sides, are_busy_with_a_guild_until_what_they_began_has_ended) {
  fleet::watermark progress;
  retiring_side side({}, progress);
  side.feed.whole(start);
  for (const std::uint64_t sequence : {1U, 2U}) {
    EXPECT_EQ(side.take(event(guild, sequence), start), fleet::retiring_verdict::act);
    ASSERT_TRUE(progress.begin(sequence));
  }
  EXPECT_TRUE(side.is_busy(guild));
  EXPECT_FALSE(side.is_busy(other));
  progress.finish(1);
  EXPECT_TRUE(side.is_busy(guild));
  progress.finish(2);
  EXPECT_FALSE(side.is_busy(guild));
}

TEST(retiring_sides, are_busy_with_what_was_begun_before_them) {
  fleet::watermark progress;
  ASSERT_TRUE(progress.begin(1));
  retiring_side side({}, progress);
  EXPECT_TRUE(side.is_busy(guild));
  progress.finish(1);
  EXPECT_FALSE(side.is_busy(guild));
}

TEST(retiring_sides, act_for_no_guild_that_went_over_before) {
  fleet::watermark progress;
  retiring_side side(std::array{guild}, progress);
  EXPECT_EQ(side.take(event(guild, 1), start), fleet::retiring_verdict::drop);
  EXPECT_EQ(side.take(event(other, 2), start), fleet::retiring_verdict::act);
}

TEST(muted_sides, act_for_no_guild_until_it_went_over) {
  muted_side side({}, false);
  side.begin_session("new", 0);
  side.feed.whole(start);
  EXPECT_EQ(side.take(event(guild, 1), start), fleet::muted_verdict::keep);
  EXPECT_FALSE(side.acts_for(guild));
  const fleet::guild_cut cut{.guild = guild, .position = 1, .open = {1}};
  EXPECT_THAT(side.apply(row_of(cut, "new"), "new", start).act, ElementsAre(fleet::held_event{1, "text"}));
  EXPECT_TRUE(side.acts_for(guild));
  EXPECT_FALSE(side.acts_for(other));
}

TEST(muted_sides, do_not_apply_the_account_of_a_session_that_is_lost) {
  muted_side side({}, false);
  side.begin_session("newer", 0);
  side.feed.whole(start);
  EXPECT_EQ(side.take(event(guild, 1), start), fleet::muted_verdict::keep);
  const fleet::guild_cut cut{.guild = guild, .position = 100};
  EXPECT_THAT(side.apply(row_of(cut, "new"), "newer", start).act, ElementsAre(fleet::held_event{1, "text"}));
}

TEST(muted_sides, begin_again_with_the_accounts_that_are_stored) {
  const fleet::guild_cut cut{.guild = guild, .position = 5, .open = {4}};
  muted_side side(std::array{row_of(cut, "new")}, false);
  side.begin_session("new", 3);
  EXPECT_EQ(side.take(event(guild, 4), start), fleet::muted_verdict::act);
  EXPECT_EQ(side.take(event(guild, 5), start), fleet::muted_verdict::drop);
  EXPECT_EQ(side.take(event(guild, 6), start), fleet::muted_verdict::act);
  side.begin_session("", 1);
  EXPECT_EQ(side.take(event(guild, 2), start), fleet::muted_verdict::act) << "of another session";
}

TEST(muted_sides, act_for_all_guilds_once_there_is_no_old_set) {
  muted_side side({}, true);
  side.begin_session("new", 0);
  EXPECT_EQ(side.take(event(guild, 1), start), fleet::muted_verdict::act);
}

TEST(muted_sides, store_what_the_old_set_has_written_down_only) {
  muted_side side({}, false);
  side.begin_session("new", 1);
  side.old_set_is_whole(true);
  EXPECT_EQ(side.storable(start, 50, true), 1U);
  EXPECT_EQ(side.storable(start + 10s, 70, true), 50U);
  side.old_set_is_whole(false);
  EXPECT_EQ(side.storable(start + 30s, 90, true), 50U);
  EXPECT_EQ(side.storable(start + 31s, 90, false), 90U) << "all guilds are its own";
  EXPECT_EQ(side.storable(start + 32s, 95, true), 90U) << "a guild joined; nothing goes back";
}

}  // namespace
}  // namespace guildfleet::bot
