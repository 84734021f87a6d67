#include "fleet/cut_schedule.hpp"

#include <gmock/gmock.h>

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr base::steady_time noon{1'000s};
constexpr discord::guild_id one{1};
constexpr discord::guild_id two{2};
constexpr discord::guild_id three{3};

class schedule_of_cuts : public testing::Test {
 protected:
  schedule_of_cuts() { schedule.set_guilds(std::vector{three, one, two}, noon); }
  cut_schedule schedule{{.at_once = 2, .busy_after = 100ms, .young_after = 1s, .longest = 300ms}};
};

TEST_F(schedule_of_cuts, lets_a_few_go_over_at_once) {
  EXPECT_EQ(schedule.next_due(), noon);
  EXPECT_THAT(schedule.begin(noon), ElementsAre(one, two));
  EXPECT_THAT(schedule.begin(noon), IsEmpty());
  EXPECT_EQ(schedule.next_due(), base::steady_time::max());
  schedule.went_over(one);
  EXPECT_THAT(schedule.begin(noon), ElementsAre(three));
  schedule.went_over(two);
  schedule.went_over(three);
  schedule.went_over(three);
  EXPECT_EQ(schedule.left(), 0U);
  EXPECT_EQ(schedule.under_way(), 0U);
}

TEST_F(schedule_of_cuts, comes_back_to_those_that_could_not_after_longer_and_longer) {
  (void)schedule.begin(noon);
  schedule.put_off(one, cut_delay::busy, noon);
  schedule.put_off(two, cut_delay::young, noon);
  EXPECT_THAT(schedule.begin(noon), ElementsAre(three));
  EXPECT_EQ(schedule.next_due(), noon + 100ms);
  EXPECT_THAT(schedule.begin(noon + 100ms), ElementsAre(one));
  schedule.put_off(one, cut_delay::busy, noon + 100ms);
  EXPECT_EQ(schedule.next_due(), noon + 300ms) << "twice as long; the other one at most this long";
  EXPECT_EQ(schedule.left(), 3U);
}

TEST_F(schedule_of_cuts, follows_guilds_that_come_and_go) {
  (void)schedule.begin(noon);
  schedule.set_guilds(std::vector{two, discord::guild_id{4}}, noon);
  EXPECT_EQ(schedule.left(), 3U) << "one is under way and tells its end itself";
  schedule.went_over(one);
  EXPECT_THAT(schedule.begin(noon), ElementsAre(discord::guild_id{4}));
}

TEST_F(schedule_of_cuts, tells_obstacles_apart) {
  EXPECT_EQ(delay_of(cut_obstacle::too_young), cut_delay::young);
  EXPECT_EQ(delay_of(cut_obstacle::behind), cut_delay::unclear);
  EXPECT_EQ(delay_of(cut_obstacle::restless), cut_delay::unclear);
}

}  // namespace
}  // namespace guildfleet::fleet
