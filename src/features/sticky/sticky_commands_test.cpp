// /sticky as it answers, and what comes of a command that comes again after a crash.
#include "features/sticky/sticky_commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/padded_json.hpp"
#include "features/test_kit/feature_world.hpp"

namespace guildfleet::features {
namespace {

using namespace test_kit;
using testing::HasSubstr;

class sticky_commands : public testing::Test, protected feature_world {
 protected:
  sticky_commands() {
    EXPECT_TRUE(guilds.apply(discord::event_type::guild_create, discord::padded_json(guild_json)));
    guilds.know_self({7});
  }

  // What is answered to it.
  std::string use(std::uint64_t id, const std::string& path,
                  std::map<std::string, std::string> options = {}) {
    return send(id, path, std::move(options))->replies.at(0).content;
  }
  std::shared_ptr<recorded_answers> send(std::uint64_t id, const std::string& path,
                                         std::map<std::string, std::string> options, bool types = false) {
    auto what = std::make_shared<discord::interaction>();
    what->id = {id};
    what->guild = {3};
    what->channel = {20};
    what->user = {8};
    what->member_permissions = held;
    what->locale = locale;
    discord::command_data command;
    command.path = path;
    for (auto& [name, value] : options)
      command.options.push_back({name, discord::option_type::string, std::move(value), types});
    what->data = std::move(command);
    auto answers = std::make_shared<recorded_answers>();
    sticky_desk desk(services_of("sticky"));
    const interaction_call call{what, answers, clock.steady_now()};
    run(types ? desk.on_autocomplete(call) : desk.on_command(call));
    return answers;
  }
  [[nodiscard]] std::string text() const {
    const auto there = sticky_in(settings.values, {20});
    return there ? there->text : "nothing";
  }

  std::string locale = "en-US";
  discord::permission_set held{discord::permission::administrator};

  // Channel 22 is private.
  static constexpr std::string_view guild_json =
      R"({"id":"3","name":"g","owner_id":"7","roles":[{"id":"3","name":"@everyone","permissions":"1024","position":0}],)"
      R"("channels":[{"id":"20","type":0,"name":"general","position":0,"permission_overwrites":[]},)"
      R"({"id":"22","type":0,"name":"staff","position":1,)"
      R"("permission_overwrites":[{"id":"3","type":0,"allow":"0","deny":"1024"}]}],)"
      R"("members":[{"user":{"id":"7","username":"bot"},"roles":[]}],"emojis":[],"voice_states":[]})";
};

TEST_F(sticky_commands, that_come_again_change_nothing_once_a_newer_one_was_begun) {
  (void)use(1, "sticky set", {{"text", "first"}});
  EXPECT_EQ(text(), "first");
  (void)use(2, "sticky set", {{"text", "second"}});
  EXPECT_THAT(use(1, "sticky set", {{"text", "first"}}), HasSubstr("changed again meanwhile"));
  EXPECT_EQ(text(), "second");
  EXPECT_THAT(use(1, "sticky update", {{"text", "first"}}), HasSubstr("changed again meanwhile"));
  EXPECT_THAT(use(1, "sticky remove"), HasSubstr("changed again meanwhile"));
  EXPECT_EQ(text(), "second");
}

TEST_F(sticky_commands, that_come_again_are_done_when_they_are_the_newest) {
  (void)use(2, "sticky set", {{"text", "first"}});
  settings.values = {};
  EXPECT_THAT(use(2, "sticky set", {{"text", "first"}}), HasSubstr("Saved."));
  EXPECT_EQ(text(), "first");
  EXPECT_THAT(use(3, "sticky remove"), HasSubstr("taken away"));
  EXPECT_THAT(use(2, "sticky set", {{"text", "first"}}), HasSubstr("changed again meanwhile"));
  EXPECT_EQ(text(), "nothing") << "it was removed since";
}

TEST_F(sticky_commands, of_channels_that_are_gone_can_be_removed) {
  EXPECT_EQ(put_sticky(settings.values, {{20}, "here"}), sticky_edit::done);
  EXPECT_EQ(put_sticky(settings.values, {{21}, "lost"}), sticky_edit::done);
  const auto offered = send(1, "sticky remove", {{"gone", ""}}, true)->suggestions.at(0);
  ASSERT_EQ(offered.size(), 1U);
  EXPECT_EQ(offered.front().name, "lost");
  EXPECT_EQ(std::get<std::string>(offered.front().value), "21");

  for (const char* other : {"20", "lost", ""})
    EXPECT_THAT(use(2, "sticky remove", {{"gone", other}}), HasSubstr("choose one from the list")) << other;
  EXPECT_THAT(use(3, "sticky remove", {{"gone", "21"}}), HasSubstr("taken away"));
  EXPECT_FALSE(sticky_in(settings.values, {21}));
  EXPECT_EQ(text(), "here");
}

TEST_F(sticky_commands, name_the_part_that_is_too_long) {
  EXPECT_THAT(use(1, "sticky set", {{"text", std::string(2'001, 'a')}}), HasSubstr("the text may have 2000"));
  EXPECT_THAT(use(2, "sticky set", {{"title", std::string(257, 'a')}}), HasSubstr("the title may have 256"));
  locale = "ja";
  EXPECT_THAT(use(3, "sticky set", {{"title", std::string(257, 'a')}}), HasSubstr("タイトルは 256 文字まで"));
}

// The defect: who managed messages in any one channel saw and removed those of channels hidden from the bot.
TEST_F(sticky_commands, of_channels_that_are_not_seen_are_for_who_manages_the_server) {
  EXPECT_EQ(put_sticky(settings.values, {{21}, "lost"}), sticky_edit::done);
  held = sticky_manager | discord::permission::view_channel;
  EXPECT_THAT(send(1, "sticky remove", {{"gone", ""}}, true)->suggestions.at(0), testing::IsEmpty());
  EXPECT_THAT(use(2, "sticky remove", {{"gone", "21"}}), HasSubstr("you need Manage Server"));
  EXPECT_TRUE(sticky_in(settings.values, {21}));
  held = held | discord::permission::manage_guild;
  EXPECT_THAT(use(3, "sticky remove", {{"gone", "21"}}), HasSubstr("taken away"));
}

TEST_F(sticky_commands, list_what_is_said_where_the_member_cannot_look_to_managers_alone) {
  for (const auto& [channel, says] : {std::pair{20U, "open"}, {21U, "lost"}, {22U, "secret"}})
    EXPECT_EQ(put_sticky(settings.values, {{channel}, says}), sticky_edit::done);
  held = sticky_manager | discord::permission::view_channel;
  const auto listed = [this] { return send(1, "sticky list", {})->replies.at(0).embeds.at(0).description; };
  EXPECT_EQ(listed(), "<#20> open\n<#21> (deleted, or not visible to the bot)\n<#22>\n");
  held = held | discord::permission::manage_guild;
  EXPECT_THAT(listed(), testing::AllOf(HasSubstr("<#21> lost"), HasSubstr("<#22> secret")));
}

}  // namespace
}  // namespace guildfleet::features
