// What handlers of interactions may do wrong, and what the user sees of it.
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/hosted_fleet.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

// "/wrong long" answers with more than Discord takes, and then with less; "/wrong throw" throws.
class mistaken final : public features::feature {
 public:
  net::task<> on_command(features::interaction_call call) override {
    if (call.what->command()->path == "wrong throw") throw std::runtime_error("as it was asked to");
    discord::message_body message;
    message.content = std::string(3'000, 'x');
    const auto refused = co_await call.answers->reply(message);
    EXPECT_FALSE(refused);
    message.content = "shorter";
    const auto sent = co_await call.answers->reply(message);
    EXPECT_TRUE(sent);
  }
};

std::vector<discord::command_definition> commands() {
  discord::command_definition wrong;
  wrong.name = "wrong";
  wrong.description = "Does things wrong";
  for (const char* name : {"long", "throw"}) {
    discord::option_definition sub;
    sub.type = discord::option_type::sub_command;
    sub.name = name;
    sub.description = name;
    wrong.options.push_back(std::move(sub));
  }
  return {std::move(wrong)};
}

const features::feature_declaration mistakes{
    .name = "mistakes",
    .intents = discord::intent::guilds,
    .commands = commands,
    .make = [](const features::shard_services&) -> std::unique_ptr<features::feature> {
      return std::make_unique<mistaken>();
    }};

class answers : public testing::Test {
 protected:
  answers() {
    bot::fleet_settings settings;
    settings.node = "one";
    settings.bots.push_back(
        plan_of("bot1", discord.token_of("bot1"), discord.api_url(), folder.path(), {&mistakes}));
    fleet = std::make_unique<hosted_fleet>(std::move(settings));
    EXPECT_TRUE(fleet->ready());
  }
  [[nodiscard]] std::string use(const std::string& command) const {
    return json::serialize(discord.use_command("bot1", command));
  }

  base::scratch_folder folder;
  simulated_discord discord;
  std::unique_ptr<hosted_fleet> fleet;
};

TEST_F(answers, that_break_a_limit_are_refused_and_may_be_given_otherwise) {
  EXPECT_THAT(use("wrong long"), HasSubstr("shorter"));
  EXPECT_THAT(use("wrong long"), HasSubstr("shorter")) << "and the bot goes on";
}

TEST_F(answers, are_timed_until_discord_has_the_first_one) {
  (void)use("wrong long");
  (void)use("wrong throw");
  EXPECT_TRUE(eventually(patience, [this] {
    return fleet->metrics().contains(
        "guildfleet_bot_interaction_first_answer_seconds_count{bot=\"bot1\"} 2\n");
  }));
}

TEST_F(answers, that_an_exception_prevents_are_given_by_the_bot_itself) {
  EXPECT_THAT(use("wrong throw"), HasSubstr("Something went wrong on our side"));
  EXPECT_THAT(fleet->metrics(), HasSubstr("guildfleet_bot_interactions_failed_total{bot=\"bot1\"} 1"));
}

}  // namespace
}  // namespace guildfleet::integration
