// What becomes of members who broke a rule, where a moderator acts at the same time.
#include "features/automod/enforcer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/padded_json.hpp"
#include "features/test_kit/feature_world.hpp"

namespace guildfleet::features {
namespace {

using namespace test_kit;

class automod_enforcing : public testing::Test, protected feature_world {
 protected:
  automod_enforcing() {
    guilds.know_self({7});
    EXPECT_TRUE(guilds.apply(discord::event_type::guild_create, discord::padded_json(guild_json)));
    rules->timeout = std::chrono::minutes(10);
  }

  void time_out_one() {
    enforcer.add(here, {.rules = rules,
                        .judged = {.what = automod_rules::penalty::time_out, .penalize = true},
                        .member = {8},
                        .roles = {},
                        .channel = {20},
                        .at = clock.wall_now()});
    let_moments_pass();
  }

  static constexpr std::string_view guild_json =
      R"({"id":"3","name":"g","owner_id":"9","emojis":[],"channels":[],)"
      R"("roles":[{"id":"3","name":"@everyone","permissions":"0","position":0},)"
      R"({"id":"5","name":"bot","permissions":"8","position":1}],)"
      R"("members":[{"user":{"id":"7","username":"bot"},"roles":["5"]}]})";
  const discord::guild_id here{3};
  std::shared_ptr<automod_rules::rule_set> rules = std::make_shared<automod_rules::rule_set>();
  automod_enforcer enforcer{services_of("automod")};
};

// The defect: a moderator's week became ten minutes.
TEST_F(automod_enforcing, a_longer_time_out_of_a_moderator_stays) {
  effects.answer = R"({"communication_disabled_until":"2100-01-01T00:00:00+00:00"})";
  time_out_one();
  EXPECT_THAT(effects.called, testing::ElementsAre("GET /guilds/3/members/8"));
}

TEST_F(automod_enforcing, one_that_is_over_does_not_count) {
  effects.answer = R"({"communication_disabled_until":"2001-01-01T00:00:00+00:00"})";
  time_out_one();
  EXPECT_THAT(effects.called, testing::ElementsAre("GET /guilds/3/members/8", "PATCH /guilds/3/members/8"));
}

TEST_F(automod_enforcing, who_is_not_timed_out_is_by_automod) {
  time_out_one();
  EXPECT_THAT(effects.called, testing::ElementsAre("GET /guilds/3/members/8", "PATCH /guilds/3/members/8"));
}

}  // namespace
}  // namespace guildfleet::features
