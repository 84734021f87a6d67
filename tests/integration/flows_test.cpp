// Interactions in several steps, with a restart in the middle.
#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/flow.hpp"
#include "features/replies.hpp"
#include "integration/feature_scenario.hpp"
#include "integration/hosted_fleet.hpp"
#include "net/async_event.hpp"

namespace guildfleet::integration {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

extern const features::feature_declaration surveying;

// /survey asks for a colour with a menu, for a reason with a form, and for confirmation with buttons; each
// confirmed one is counted.
class survey final : public features::feature {
 public:
  explicit survey(const features::shard_services& services)
      : records_(services.records), flows_(surveying, services.records) {}

  net::task<> on_command(features::interaction_call call) override {
    const auto begun = co_await flows_.begin(call, "survey", "", lasts());
    EXPECT_TRUE(begun);
    discord::message_body body = features::private_message("colour?");
    discord::select_menu menu{.custom_id = flows_.id_of(*begun, "colour")};
    for (const char* each : {"red", "blue"}) menu.options.push_back({.label = each, .value = each});
    body.rows.push_back({.items = {std::move(menu)}});
    (void)co_await call.answers->reply(std::move(body));
  }

  net::task<> on_autocomplete(features::interaction_call call) override {
    const std::string typed(call.what->command()->text("topic").value_or(""));
    (void)co_await call.answers->suggest({{typed + " and more", typed}});
  }

  net::task<> on_component(features::interaction_call call, discord::custom_id id) override {
    if (id.action == "form") {
      const auto now = co_await flows_.look(call, id);
      if (now) (void)co_await call.answers->show(form(*now));
      co_return;
    }
    auto now = co_await flows_.take(call, id);
    if (!now) co_return;
    if (slow()) (void)co_await net::sleep_until(net::deadline_in(1s));
    if (id.action == "colour") now->state = call.what->component()->values.at(0);
    if (id.action == "reason")
      now->state += " because " + std::string(call.what->modal_answer()->value("why"));
    discord::message_edit edit;
    if (id.action == "yes") {
      const auto number = co_await records_.next_number(now->guild, "survey");
      EXPECT_TRUE(number);
      edit.content = fmt::format("number {}: {} ({})", *number, now->state, now->argument);
      edit.rows = std::vector<discord::action_row>{};
      co_await flows_.end(*now);
    } else {
      EXPECT_TRUE(co_await flows_.keep(*now));
      edit.content = now->state;
      edit.rows = std::vector{discord::action_row{
          .items = {discord::button{.label = "why", .custom_id = flows_.id_of(*now, "form")},
                    discord::button{.label = "yes", .custom_id = flows_.id_of(*now, "yes", "sure.")}}}};
    }
    (void)co_await call.answers->update(std::move(edit));
  }

  // What it does takes a second.
  static std::atomic<bool>& slow() {
    static std::atomic<bool> value = false;
    return value;
  }
  static std::chrono::milliseconds& lasts() {
    static std::chrono::milliseconds value = features::flow_lasts;
    return value;
  }

 private:
  [[nodiscard]] discord::modal form(const features::flow& now) const {
    return {.custom_id = flows_.id_of(now, "reason"),
            .title = "Why?",
            .fields = {{.label = "Why", .input = discord::text_input{.custom_id = "why"}}}};
  }

  features::record_port& records_;
  features::flow_desk flows_;
};

std::vector<discord::command_definition> commands() {
  discord::command_definition command =
      features::localized_command({"survey", "survey"}, {"Asks", "質問します"});
  command.options.push_back({.name = "topic", .description = "About", .autocomplete = true});
  return {std::move(command)};
}

const features::feature_declaration surveying{
    .name = "survey",
    .intents = discord::intent::guilds,
    .commands = commands,
    .make = [](const features::shard_services& services) -> std::unique_ptr<features::feature> {
      return std::make_unique<survey>(services);
    }};

class flows : public testing::Test {
 protected:
  flows() { start(); }
  ~flows() override {
    survey::lasts() = features::flow_lasts;
    survey::slow() = false;
  }

  void start() {
    bot::fleet_settings settings;
    settings.node = "one";
    settings.bots.push_back(
        plan_of("bot1", discord.token_of("bot1"), discord.api_url(), folder.path(), {&surveying}));
    fleet = std::make_unique<hosted_fleet>(std::move(settings));
    ASSERT_TRUE(fleet->ready());
  }
  void restart() {
    fleet.reset();
    start();
  }
  [[nodiscard]] shown use() const {
    return shown(discord.act_once_possible(
        "command", {{"bot", "bot1"}, {"name", "survey"}, {"user", owner}, {"wait", 5'000}}));
  }
  [[nodiscard]] shown press(const shown& on, std::string_view action, const std::string& user = {},
                            const std::string& locale = "en-US", int wait = 5'000) const {
    return shown(discord.act("button", {{"message", on.message()},
                                        {"custom_id", on.custom_id(action)},
                                        {"user", user.empty() ? owner : user},
                                        {"locale", locale},
                                        {"wait", wait}}));
  }
  [[nodiscard]] shown choose(const shown& on, const std::string& colour, int wait = 5'000) const {
    return shown(discord.act("select", {{"message", on.message()},
                                        {"custom_id", on.custom_id("colour")},
                                        {"values", json::array{json::string(colour)}},
                                        {"user", owner},
                                        {"wait", wait}}));
  }
  // Of an interaction that was not waited for.
  [[nodiscard]] std::string content_of(const shown& what) const {
    shown now;
    EXPECT_TRUE(eventually(patience, [&] {
      now = shown(
          support::object_of(support::answer_to({.origin = fmt::format("http://127.0.0.1:{}", discord.port()),
                                                 .path = "/_sim/interactions/" + what.interaction()})));
      return now.answered();
    }));
    return now.content();
  }
  [[nodiscard]] shown submit(const shown& form, const std::string& why) const {
    return shown(discord.act(
        "modal",
        {{"interaction", form.interaction()}, {"fields", json::object{{"why", why}}}, {"wait", 5'000}}));
  }

  base::scratch_folder folder;
  simulated_discord discord;
  std::string owner = discord.owner_of_first_guild();
  std::unique_ptr<hosted_fleet> fleet;
};

TEST_F(flows, go_on_after_a_restart_at_every_step) {
  const shown asked = use();
  restart();
  const shown chosen = choose(asked, "blue");
  EXPECT_EQ(chosen.content(), "blue");
  restart();
  const shown dismissed = press(chosen, "form");
  const shown form = press(chosen, "form");
  ASSERT_TRUE(dismissed.is_form() && form.is_form());
  restart();
  const shown reasoned = submit(form, "it is calm");
  EXPECT_EQ(reasoned.content(), "blue because it is calm");
  restart();
  EXPECT_EQ(press(reasoned, "yes").content(), "number 1: blue because it is calm (sure.)");
}

// Two presses of a quick finger: the message still has its buttons when the second one arrives.
TEST_F(flows, a_step_is_taken_once_however_often_it_is_pressed) {
  const shown chosen = choose(use(), "red");
  survey::slow() = true;
  const shown first = press(chosen, "yes", {}, "en-US", 0);
  const shown second = press(chosen, "yes");
  EXPECT_TRUE(second.is_private());
  EXPECT_THAT(second.text(), AnyOf(HasSubstr("done already"), HasSubstr("Please start again")));
  EXPECT_EQ(content_of(first), "number 1: red (sure.)");
  EXPECT_EQ(press(choose(use(), "blue"), "yes").content(), "number 2: blue (sure.)") << "one was counted";
}

TEST_F(flows, an_answer_to_an_older_step_is_refused) {
  const shown asked = use();
  survey::slow() = true;
  const shown first = choose(asked, "red", 0);
  const shown second = choose(asked, "blue");
  EXPECT_TRUE(second.is_private());
  EXPECT_THAT(second.text(), HasSubstr("done already"));
  EXPECT_EQ(content_of(first), "red");
}

TEST_F(flows, only_who_began_goes_on) {
  const shown chosen = choose(use(), "red");
  const std::string other = text_of(discord.act("join", {{"name", "newcomer"}}), "id");
  const shown refused = press(chosen, "form", other, "ja");
  EXPECT_TRUE(refused.is_private());
  EXPECT_THAT(refused.text(), HasSubstr("続けられるのは"));
  EXPECT_THAT(refused.text(), HasSubstr(owner));
  EXPECT_EQ(press(chosen, "yes").content(), "number 1: red (sure.)");
}

TEST_F(flows, an_option_is_completed_while_it_is_typed) {
  const json::object call{
      {"bot", "bot1"},      {"name", "survey"}, {"options", json::object{{"topic", "cats"}}},
      {"focused", "topic"}, {"user", owner},    {"wait", 5'000}};
  EXPECT_THAT(shown(discord.act_once_possible("command", call)).text(), HasSubstr("cats and more"));
}

TEST_F(flows, end_by_themselves_when_their_time_is_over) {
  survey::lasts() = 1ms;
  EXPECT_THAT(choose(use(), "red").text(), HasSubstr("expired"));
}

}  // namespace
}  // namespace guildfleet::integration
