// What is refused when tickets are set up, before the first ticket fails by it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/padded_json.hpp"
#include "features/test_kit/feature_world.hpp"
#include "features/ticket/ticket.hpp"

namespace guildfleet::features {
namespace {

using namespace test_kit;
using testing::AllOf;
using testing::HasSubstr;

// The bot may do all that tickets need; but not send in 21, and not make channels in 31.
class ticket_options : public testing::Test, protected feature_world {
 protected:
  ticket_options() {
    guilds.know_self({7});
    EXPECT_TRUE(guilds.apply(discord::event_type::guild_create, discord::padded_json(guild_json)));
  }

  std::string choose(std::string option, discord::channel_id channel) {
    discord::command_data command;
    command.path = "ticket-setup options";
    command.options = {
        {.name = std::move(option), .type = discord::option_type::channel, .value = channel.value}};
    auto what = std::make_shared<discord::interaction>();
    what->guild = here;
    what->data = std::move(command);
    auto answers = std::make_shared<recorded_answers>();
    run(instance->on_command({.what = what, .answers = answers, .sequence = 1}));
    return answers->replies.empty() ? std::string() : answers->replies.back().content;
  }

  static constexpr std::string_view guild_json =
      R"({"id":"3","name":"g","owner_id":"9","emojis":[],)"
      R"("roles":[{"id":"3","name":"@everyone","permissions":"35856","position":0}],)"
      R"("channels":[{"id":"20","type":0,"name":"log","permission_overwrites":[]},)"
      R"({"id":"21","type":0,"name":"news","permission_overwrites":)"
      R"([{"id":"3","type":0,"allow":"0","deny":"2048"}]},)"
      R"({"id":"30","type":4,"name":"tickets","permission_overwrites":[]},)"
      R"({"id":"31","type":4,"name":"staff","permission_overwrites":)"
      R"([{"id":"3","type":0,"allow":"0","deny":"16"}]}],)"
      R"("members":[{"user":{"id":"7","username":"bot"},"roles":[]}]})";
  const discord::guild_id here{3};
  std::unique_ptr<feature> instance = ticket.make(services_of(ticket.name));
};

// The defect: the first closing found it out, and the transcript was lost.
TEST_F(ticket_options, a_channel_that_the_bot_cannot_use_is_refused) {
  EXPECT_THAT(choose("log_channel", {21}), AllOf(HasSubstr("<#21>"), HasSubstr("Send Messages")));
  EXPECT_THAT(choose("category", {31}), AllOf(HasSubstr("<#31>"), HasSubstr("Manage Channels")));
  EXPECT_TRUE(settings.values.empty());
}

TEST_F(ticket_options, others_are_saved) {
  (void)choose("log_channel", {20});
  (void)choose("category", {30});
  EXPECT_EQ(settings.values, (boost::json::object{{"log_channel", "20"}, {"category", "30"}}));
}

}  // namespace
}  // namespace guildfleet::features
