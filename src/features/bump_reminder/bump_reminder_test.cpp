// What the feature does when the store fails, and with what it finds late.
#include "features/bump_reminder/bump_reminder.hpp"

#include <gtest/gtest.h>

#include "features/bump_reminder/bump_state.hpp"
#include "features/test_kit/feature_world.hpp"

namespace guildfleet::features {
namespace {

using namespace test_kit;

class bump_reminder_feature : public testing::Test, protected feature_world {
 protected:
  bump_reminder_feature() : instance(bump_reminder.make(services_of(bump_reminder.name))) {
    settings.values = {{"enabled", true}, {"confirm", true}, {"role", "8"}};
    EXPECT_TRUE(run(instance->on_guilds_gained({here})));
  }

  [[nodiscard]] discord::message_id message_now() const {
    const auto since = clock.wall_now().time_since_epoch().count() - discord::discord_epoch_ms;
    return {static_cast<std::uint64_t>(since) << 22U};
  }
  void see_a_bump(std::uint64_t sequence, discord::message_id message) {
    const std::string data = fmt::format(
        R"({{"id":"{}","channel_id":"20","guild_id":"3","author":{{"id":"302050872383242240","bot":true}},)"
        R"("content":"","embeds":[{{"description":"Bump done! :thumbsup:"}}]}})",
        message);
    auto task = instance->on_message({.sequence = sequence,
                                      .id = message,
                                      .channel = {20},
                                      .guild = here,
                                      .author = bot_of(bump_service::disboard),
                                      .author_is_bot = true,
                                      .author_name = {},
                                      .content = {},
                                      .data = data});
    ASSERT_TRUE(task);
    run(*std::move(task));
  }
  jobs::job_outcome remind() { return run(instance->on_job({jobs.planned.at(0), 1, effects})); }
  [[nodiscard]] last_bump kept() {
    const auto record = run(records.get(key_of_bump(here, bump_service::disboard)));
    return *record ? read_last_bump((*record)->value) : last_bump{};
  }

  const discord::guild_id here{3};
  std::unique_ptr<feature> instance;
};

TEST_F(bump_reminder_feature, loses_no_bump_when_the_store_fails) {
  records.failures = 1;
  jobs.failures = 1;
  see_a_bump(7, message_now());
  EXPECT_EQ(jobs.planned.size(), 1U) << "before its event counts as handled";
  EXPECT_TRUE(moments.waiting.empty());
  EXPECT_EQ(effects.posts.size(), 1U) << "and confirms it once";
}

TEST_F(bump_reminder_feature, is_told_of_its_servers_again_when_a_timer_could_not_be_planned) {
  see_a_bump(7, message_now());
  jobs.failures = 1;
  EXPECT_FALSE(run(instance->on_guilds_gained({here})));
  EXPECT_TRUE(run(instance->on_guilds_gained({here})));
}

// The defect: the record was kept and its timer was not when the process died; it came back after the time.
TEST_F(bump_reminder_feature, plans_what_is_overdue_as_long_as_it_is_of_use) {
  see_a_bump(7, message_now());
  jobs.planned.clear();
  clock.advance(std::chrono::hours(13));
  EXPECT_TRUE(run(instance->on_guilds_gained({here})));
  EXPECT_EQ(jobs.planned.size(), 1U);
  jobs.planned.clear();
  clock.advance(std::chrono::hours(2));
  EXPECT_TRUE(run(instance->on_guilds_gained({here})));
  EXPECT_TRUE(jobs.planned.empty());
}

TEST_F(bump_reminder_feature, confirms_again_where_a_crash_came_in_between) {
  effects.refusal = discord::rest_error::server_failed;
  const discord::message_id message = message_now();
  see_a_bump(7, message);
  effects.refusal.reset();
  see_a_bump(7, message);
  EXPECT_EQ(effects.posts.size(), 1U);
  see_a_bump(8, message);
  EXPECT_EQ(effects.posts.size(), 1U) << "an update of the message is no other bump";
}

TEST_F(bump_reminder_feature, reminds_late_and_not_for_ever) {
  settings.values["confirm"] = false;
  EXPECT_TRUE(run(instance->on_guilds_gained({here})));
  see_a_bump(7, message_now());
  clock.advance(std::chrono::hours(13));
  EXPECT_TRUE(std::holds_alternative<jobs::job_done>(remind()));
  EXPECT_EQ(effects.posts.size(), 1U);
  EXPECT_TRUE(kept().reminded);

  jobs.planned.clear();
  see_a_bump(8, message_now());
  clock.advance(std::chrono::hours(15));
  EXPECT_TRUE(std::holds_alternative<jobs::job_done>(remind()));
  EXPECT_EQ(effects.posts.size(), 1U) << "somebody may have bumped meanwhile";
  EXPECT_TRUE(kept().reminded);
}

TEST_F(bump_reminder_feature, that_was_refused_is_over) {
  see_a_bump(7, message_now());
  effects.refusal = discord::rest_error::unknown_channel;
  EXPECT_TRUE(std::holds_alternative<jobs::job_done>(remind()));
  EXPECT_TRUE(kept().reminded);
}

TEST_F(bump_reminder_feature, tries_again_what_it_tried_whatever_is_set_by_then) {
  settings.values["confirm"] = false;
  EXPECT_TRUE(run(instance->on_guilds_gained({here})));
  see_a_bump(7, message_now());
  effects.refusal = discord::rest_error::server_failed;
  EXPECT_TRUE(std::holds_alternative<jobs::job_failed>(remind()));
  settings.values["role"] = "9";
  effects.refusal.reset();
  EXPECT_TRUE(std::holds_alternative<jobs::job_done>(remind()));
  ASSERT_EQ(effects.posts.size(), 1U);
  EXPECT_TRUE(effects.posts.front().content.contains("<@&8>")) << effects.posts.front().content;
}

TEST_F(bump_reminder_feature, mentions_not_everybody_though_an_import_named_them) {
  settings.values["confirm"] = false;
  settings.values["role"] = "3";
  EXPECT_TRUE(run(instance->on_guilds_gained({here})));
  see_a_bump(7, message_now());
  EXPECT_TRUE(std::holds_alternative<jobs::job_done>(remind()));
  EXPECT_TRUE(effects.posts.at(0).mentions.roles.empty());
}

}  // namespace
}  // namespace guildfleet::features
