// What handlers of interactions may do wrong, and what the user sees of it.
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/replies.hpp"
#include "integration/hosted_fleet.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

using namespace std::chrono_literals;

std::string discord_origin;  // of the test that runs

// What the commands of "/wrong" do is said by their names; the button of "/wrong panel" is answered late, and
// not by a change of its message.
class mistaken final : public features::feature {
 public:
  net::task<> on_command(features::interaction_call call) override {
    const std::string path = call.what->command()->path;
    if (path == "wrong throw") throw std::runtime_error("as it was asked to");
    if (path == "wrong long") co_await answer_too_long(call);
    if (path == "wrong panel") co_await post_panel(call);
    if (path == "wrong late-form") co_await show_late(call);
    if (path == "wrong late-notes") co_await follow_late(call);
    if (path == "wrong deferred-before") co_await answer_for_a_dead_process(call);
  }
  net::task<> on_component(features::interaction_call call, discord::custom_id /*id*/) override {
    call.answers->prefer_update();
    co_await deferral();
    const auto sent = co_await call.answers->reply(features::private_message("a notice"));
    EXPECT_TRUE(sent);
  }

 private:
  static net::task<> deferral() { (void)co_await net::sleep_until(net::deadline_in(2'200ms)); }
  static net::task<> answer_too_long(features::interaction_call call) {
    discord::message_body message;
    message.content = std::string(3'000, 'x');
    const auto refused = co_await call.answers->reply(message);
    EXPECT_FALSE(refused);
    message.content = "shorter";
    const auto sent = co_await call.answers->reply(message);
    EXPECT_TRUE(sent);
  }
  static net::task<> post_panel(features::interaction_call call) {
    discord::message_body message;
    message.content = "the panel";
    message.rows = {{.items = {discord::button{.label = "Press", .custom_id = "mistakes:v1:press:"}}}};
    const auto sent = co_await call.answers->reply(std::move(message));
    EXPECT_TRUE(sent);
  }
  static net::task<> show_late(features::interaction_call call) {
    co_await deferral();
    discord::modal form{.custom_id = "mistakes:v1:form:", .title = "Form"};
    form.fields.push_back({"name", "", discord::text_input{.custom_id = "name"}});
    const auto shown = co_await call.answers->show(std::move(form));
    EXPECT_FALSE(shown);
  }
  static net::task<> answer_for_a_dead_process(features::interaction_call call) {
    const auto deferred =
        support::answer_to({.origin = discord_origin,
                            .path = fmt::format("/api/v10/interactions/{}/{}/callback", call.what->id,
                                                call.what->token.reveal()),
                            .method = "POST",
                            .fields = {{"Content-Type", "application/json"},
                                       {"User-Agent", "DiscordBot (https://example.org, 1)"}},
                            .text = R"({"type":5,"data":{"flags":64}})"});
    EXPECT_EQ(deferred.status, 204) << deferred.body;
    const auto sent = co_await call.answers->reply(features::private_message("what it owed"));
    EXPECT_TRUE(sent);
  }
  static net::task<> follow_late(features::interaction_call call) {
    co_await deferral();
    const auto sent = co_await call.answers->reply(features::private_message("the answer"));
    EXPECT_TRUE(sent);
    const auto more = co_await call.answers->follow_up(features::private_message("and more"));
    EXPECT_TRUE(more);
  }
};

std::vector<discord::command_definition> commands() {
  discord::command_definition wrong;
  wrong.name = "wrong";
  wrong.description = "Does things wrong";
  for (const char* name : {"long", "throw", "panel", "late-form", "late-notes", "deferred-before"}) {
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
    discord_origin = discord.api_url().substr(0, discord.api_url().find("/api"));
    fleet = std::make_unique<hosted_fleet>(std::move(settings));
    EXPECT_TRUE(fleet->ready());
  }
  [[nodiscard]] std::string use(const std::string& command) const {
    return json::serialize(discord.use_command("bot1", command, 10s));
  }

  [[nodiscard]] bool counts_a_failure() const {
    return eventually(patience, [this] {
      return fleet->metrics().contains("guildfleet_bot_interactions_failed_total{bot=\"bot1\"} 1\n");
    });
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
  EXPECT_TRUE(counts_a_failure());
}

// Discord would show that the bot thinks for a quarter of an hour.
TEST_F(answers, of_a_form_that_comes_too_late_are_given_by_the_bot_itself) {
  const json::object seen = discord.use_command("bot1", "wrong late-form", 10s);
  EXPECT_TRUE(seen.at("deferred").as_bool());
  EXPECT_TRUE(seen.at("ephemeral").as_bool());
  EXPECT_THAT(text_of(seen, "content"), HasSubstr("not available right now"));
  EXPECT_TRUE(counts_a_failure());
}

// The defect: "already acknowledged" was taken for an answer, and the user saw the bot think on.
TEST_F(answers, that_a_dead_process_owes_are_given_by_the_next_one) {
  const json::object seen = discord.use_command("bot1", "wrong deferred-before", 10s);
  EXPECT_EQ(text_of(seen, "content"), "what it owed");
}

TEST_F(answers, may_follow_one_that_was_deferred) {
  const json::object seen = discord.use_command("bot1", "wrong late-notes", 10s);
  EXPECT_EQ(text_of(seen, "content"), "the answer");
  EXPECT_TRUE(eventually(patience, [&] {
    return json::serialize(discord.interaction(text_of(seen, "id"))).contains("and more");
  }));
}

TEST_F(answers, that_are_late_leave_the_message_of_the_button_as_it_is) {
  const json::object panel = discord.use_command("bot1", "wrong panel");
  const std::string message = text_of(panel.at("reply").as_object(), "id");
  const json::object pressed = discord.act("button", {{"message", message},
                                                      {"custom_id", "mistakes:v1:press:"},
                                                      {"user", discord.owner_of_first_guild()},
                                                      {"wait", 10'000}});
  EXPECT_TRUE(eventually(patience, [&] {
    return json::serialize(discord.interaction(text_of(pressed, "id")).at("followups")).contains("a notice");
  }));
  const json::object now = discord.interaction(text_of(panel, "id"));
  EXPECT_EQ(text_of(now, "content"), "the panel");
  EXPECT_THAT(json::serialize(now.at("reply")), HasSubstr("mistakes:v1:press:"));
}

}  // namespace
}  // namespace guildfleet::integration
