#include "bot/job_link.hpp"

#include <gtest/gtest.h>

namespace guildfleet::bot {
namespace {

store::job_plan plan(std::string key, std::string kind) {
  return {
      {{}, {"music"}, std::move(key)}, std::move(kind), discord::guild_id{7}, base::wall_time{}, "payload"};
}

TEST(job_link, a_timer_comes_back_as_its_feature_scheduled_it) {
  const auto back = timer_of(plan(stored_job_key("bump", "guild/7"), stored_job_kind("bump", "remind")));
  EXPECT_EQ(back.feature, "bump");
  EXPECT_EQ(back.timer.key, "guild/7");
  EXPECT_EQ(back.timer.what, "remind");
  EXPECT_EQ(back.timer.guild, discord::guild_id{7});
  EXPECT_EQ(back.timer.payload, "payload");
}

TEST(job_link, what_no_feature_scheduled_names_none) {
  EXPECT_EQ(timer_of(plan("bump/7", "remind")).feature, "");
  EXPECT_EQ(timer_of(plan("sticky/7", "bump/remind")).feature, "");
  EXPECT_EQ(timer_of(plan("bumper/7", "bump/remind")).feature, "");
}

}  // namespace
}  // namespace guildfleet::bot
