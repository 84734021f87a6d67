// What the feature does where Discord refuses it, and with what an attempt of before left.
#include "features/sticky/sticky.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/padded_json.hpp"
#include "features/sticky/posted_record.hpp"
#include "features/test_kit/feature_world.hpp"

namespace guildfleet::features {
namespace {

using namespace test_kit;

class sticky_feature : public testing::Test, protected feature_world {
 protected:
  sticky_feature() : instance(sticky.make(services_of(sticky.name))) {
    guilds.know_self({7});
    let_everyone(send_messages);
    want("bottom");
    repost(1);
  }

  // As GUILD_CREATE tells it.
  void let_everyone(std::uint64_t permissions) {
    const std::string guild = fmt::format(
        R"({{"id":"3","name":"g","owner_id":"9","emojis":[],"voice_states":[],)"
        R"("roles":[{{"id":"3","name":"@everyone","permissions":"{}","position":0}}],)"
        R"("channels":[{{"id":"20","type":0,"name":"general","position":0,"permission_overwrites":[]}}],)"
        R"("members":[{{"user":{{"id":"7","username":"bot"}},"roles":[]}}]}})",
        permissions);
    EXPECT_TRUE(guilds.apply(discord::event_type::guild_create, discord::padded_json(guild)));
  }
  void want(const std::string& text) {
    settings.values = {};
    if (!text.empty()) EXPECT_EQ(put_sticky(settings.values, {{20}, text}), sticky_edit::done);
    EXPECT_TRUE(run(instance->on_guilds_gained({here})));
  }
  // Whether a message in the channel begins anything.
  bool notices(std::uint64_t message) {
    auto task = instance->on_message({.id = {message},
                                      .channel = {20},
                                      .guild = here,
                                      .author = {8},
                                      .author_name = {},
                                      .content = {},
                                      .data = {}});
    if (task) run(*std::move(task));
    return task.has_value();
  }
  jobs::job_outcome repost(std::uint64_t below, bool begun_before = false, std::uint32_t attempt = 1) {
    const timer what{"20", "repost", here, {}, fmt::format("{}", below)};
    return run(instance->on_job({what, attempt, effects, begun_before}));
  }
  // As if there had been none.
  void forget_all() {
    want("");
    (void)repost(0);
    EXPECT_FALSE(keeps_a_record());
    moments.waiting.clear();
    jobs.planned.clear();
  }
  [[nodiscard]] std::string last_post() const { return effects.posts.back().content; }
  [[nodiscard]] bool keeps_a_record() {
    const auto record = run(records.get(key_of_posted(here, {20})));
    return record && *record;
  }

  static constexpr std::uint64_t send_messages = 1'024 + 2'048;
  static constexpr std::uint64_t view_channel = 1'024;
  const discord::guild_id here{3};
  std::unique_ptr<feature> instance;
};

TEST_F(sticky_feature, takes_away_the_message_before) {
  effects.called.clear();
  ASSERT_TRUE(notices(1'000));
  effects.first = 2'000;
  (void)repost(1'000);
  EXPECT_THAT(effects.called, testing::ElementsAre("DELETE /channels/20/messages/901"));
}

// The defect: the channel counted as one that is being posted in, for ever.
TEST_F(sticky_feature, goes_on_after_an_exception) {
  ASSERT_TRUE(notices(1'000));
  effects.throws = true;
  EXPECT_TRUE(std::holds_alternative<jobs::job_failed>(repost(1'000)));
  effects.throws = false;
  moments.waiting.clear();
  (void)notices(1'001);
  EXPECT_TRUE(moments.waiting.contains("20"));
}

// The defect: it stood there, and nobody knew of it.
TEST_F(sticky_feature, that_is_removed_while_a_timer_has_begun_to_post_it_is_taken_away) {
  forget_all();
  EXPECT_EQ(put_sticky(settings.values, {{20}, "bottom"}), sticky_edit::done);
  settings.meanwhile = [this]() -> net::task<> {
    settings.values = {};
    EXPECT_TRUE(co_await instance->on_guilds_gained({here}));
  };
  (void)repost(0);
  ASSERT_TRUE(keeps_a_record());
  let_moments_pass();
  ASSERT_EQ(jobs.planned.size(), 1U);
  (void)repost(0);
  EXPECT_FALSE(keeps_a_record());
}

TEST_F(sticky_feature, that_is_posted_while_its_removal_is_read_is_taken_away) {
  forget_all();
  want("bottom");
  jobs.planned.clear();
  const boost::json::object wanted = std::exchange(settings.values, {});
  settings.meanwhile = [this, wanted]() -> net::task<> {
    settings.values = wanted;
    const timer what{"20", "repost", here, {}, "0"};
    (void)co_await instance->on_job({what, 1U, effects, false});
    settings.values = {};
  };
  EXPECT_TRUE(run(instance->on_guilds_gained({here})));
  ASSERT_TRUE(keeps_a_record());
  EXPECT_EQ(jobs.planned.size(), 1U);
}

// The defect: in a quiet channel it was never posted, though the bot was let in.
TEST_F(sticky_feature, that_was_never_posted_is_tried_again_without_a_message) {
  let_everyone(view_channel);
  want("another");
  (void)repost(0);
  jobs.planned.clear();
  let_moments_pass();
  EXPECT_EQ(jobs.planned.size(), 1U);
}

TEST_F(sticky_feature, that_was_refused_waits_until_its_permissions_are_others) {
  let_everyone(view_channel);
  ASSERT_TRUE(notices(1'000));
  (void)repost(1'000);
  EXPECT_EQ(effects.posts.size(), 1U);
  EXPECT_FALSE(notices(1'001));
  clock.advance(std::chrono::minutes(2));
  EXPECT_FALSE(notices(1'002)) << "nothing has changed";
  let_everyone(send_messages);
  EXPECT_TRUE(notices(1'003));
}

TEST_F(sticky_feature, that_was_refused_asks_no_more_often_than_once_a_minute) {
  let_everyone(view_channel);
  ASSERT_TRUE(notices(1'000));
  (void)repost(1'000);
  let_everyone(send_messages);
  EXPECT_FALSE(notices(1'001));
  clock.advance(std::chrono::minutes(1));
  EXPECT_TRUE(notices(1'002));
}

TEST_F(sticky_feature, that_is_refused_for_another_reason_asks_again_after_ten_minutes) {
  ASSERT_TRUE(notices(1'000));
  effects.refusal = discord::rest_error::archived_thread;
  (void)repost(1'000);
  clock.advance(std::chrono::minutes(9));
  EXPECT_FALSE(notices(1'001));
  clock.advance(std::chrono::minutes(1));
  EXPECT_TRUE(notices(1'002));
}

TEST_F(sticky_feature, goes_on_with_what_it_tried_and_says_the_new_text_then) {
  want("first");
  effects.refusal = discord::rest_error::server_failed;
  (void)repost(1'000);
  effects.refusal.reset();
  want("second");
  effects.first = 2'000;
  (void)repost(1'000, true);
  EXPECT_EQ(last_post(), "first");
  jobs.planned.clear();
  let_moments_pass();
  ASSERT_EQ(jobs.planned.size(), 1U);
  (void)repost(0);
  EXPECT_EQ(last_post(), "second");
}

// The defect: seven failures, five minutes of an outage, and it stayed buried until the next message.
TEST_F(sticky_feature, is_tried_again_as_long_as_an_outage_lasts) {
  want("other");
  effects.refusal = discord::rest_error::server_failed;
  (void)repost(0);
  const auto outcome = repost(0, true, 50);
  ASSERT_TRUE(std::holds_alternative<jobs::job_failed>(outcome));
  EXPECT_FALSE(std::get<jobs::job_failed>(outcome).permanent);
}

TEST_F(sticky_feature, that_was_removed_does_not_come_back_with_the_next_attempt) {
  want("");
  effects.refusal = discord::rest_error::server_failed;
  (void)repost(0);
  effects.refusal.reset();
  (void)repost(0, true);
  EXPECT_EQ(effects.posts.size(), 1U);
  EXPECT_FALSE(keeps_a_record());
}

}  // namespace
}  // namespace guildfleet::features
