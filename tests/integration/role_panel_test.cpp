// /role-panel as those who run a server and its members use it.
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/role_panel_scenario.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

class role_panel : public role_panel_scenario {};

TEST_F(role_panel, gives_and_takes_by_buttons_in_the_language_of_who_presses) {
  const std::string message = posted_panel({red, green});
  EXPECT_TRUE(shows("Choose it again to give it back"));
  const std::string member = join("newcomer");
  as(member);
  const shown given = press(message, button(red));
  EXPECT_TRUE(given.is_private());
  EXPECT_THAT(given.content(), HasSubstr("You have now: <@&" + red));
  EXPECT_THAT(press(message, button(green)).content(), HasSubstr(green));
  EXPECT_THAT(roles_of(member), UnorderedElementsAre(red, green));
  speak("ja");
  EXPECT_THAT(press(message, button(red)).content(), HasSubstr("外しました: <@&" + red));
  EXPECT_THAT(roles_of(member), UnorderedElementsAre(green));
}

TEST_F(role_panel, is_built_in_japanese_and_speaks_the_servers_language) {
  set("guild-config", {{"language", "ja"}});
  speak("ja");
  EXPECT_THAT(use("role-panel list").content(), HasSubstr("パネルはまだありません"));
  EXPECT_THAT(use("role-panel create", {{"title", "色"}, {"style", "menu"}, {"mode", "exclusive"}}).content(),
              HasSubstr("パネル #1 を作りました"));
  EXPECT_THAT(use("role-panel post", {{"panel", "1"}}).content(), HasSubstr("まだロールがありません"));
  EXPECT_THAT(use("role-panel add", {{"panel", "色"}, {"role", red}, {"emoji", "赤"}}).content(),
              HasSubstr("絵文字ではありません"));
  EXPECT_THAT(use("role-panel add", {{"panel", "色"}, {"role", red}, {"emoji", "🔴"}}).content(),
              HasSubstr("追加しました"));
  EXPECT_THAT(use("role-panel post", {{"panel", "1"}}).content(), HasSubstr("投稿しました"));
  EXPECT_TRUE(shows("いずれか1つのロールを選べます"));
  EXPECT_THAT(use("role-panel list").text(), HasSubstr("択一"));
  EXPECT_THAT(use("role-panel delete", {{"panel", "2"}}).content(), HasSubstr("そのパネルはありません"));
}

TEST_F(role_panel, a_menu_gives_and_takes_and_can_be_used_again_at_once) {
  const std::string message = posted_panel({red, green}, {{"style", "menu"}});
  const std::string member = join("newcomer");
  as(member);
  EXPECT_TRUE(is_told(choose(message, menu(), {red, green}), "You have now"));
  EXPECT_THAT(roles_of(member), UnorderedElementsAre(red, green));
  EXPECT_TRUE(is_told(choose(message, menu(), {red}), "You do not have any more"));
  EXPECT_THAT(roles_of(member), UnorderedElementsAre(green));
}

TEST_F(role_panel, one_way_only_gives) {
  const std::string message = posted_panel({red}, {{"mode", "one-way"}});
  const std::string member = join("newcomer");
  as(member);
  (void)press(message, button(red));
  EXPECT_THAT(press(message, button(red)).content(), HasSubstr("have it already"));
  EXPECT_THAT(roles_of(member), UnorderedElementsAre(red));
}

TEST_F(role_panel, two_quick_choices_of_an_exclusive_panel_leave_one_role) {
  const std::string message = posted_panel({red, green}, {{"mode", "exclusive"}});
  const std::string member = join("newcomer");
  as(member);
  std::vector<shown> answers;
  for (const std::string& each : {red, green}) {
    answers.emplace_back(
        act("button", {{"message", message}, {"custom_id", button(each)}, {"user", member}, {"wait", 0}}));
  }
  for (const shown& each : answers) EXPECT_TRUE(is_told(each, "<@&"));
  EXPECT_EQ(roles_of(member), std::vector{green}) << "the last one counts";
  EXPECT_THAT(press(message, button(red)).content(), HasSubstr("You have now: <@&" + red));
  EXPECT_THAT(roles_of(member), UnorderedElementsAre(red));
}

TEST_F(role_panel, goes_on_after_a_restart_and_a_kill) {
  const std::string message = posted_panel({red});
  const std::string member = join("newcomer");
  as(member);
  restart();
  (void)press(message, button(red));
  EXPECT_THAT(roles_of(member), UnorderedElementsAre(red));
  crash();
  (void)press(message, button(red));
  EXPECT_TRUE(roles_of(member).empty());
}

TEST_F(role_panel, survives_the_deletion_of_its_message_and_of_its_channel) {
  const std::string message = posted_panel({red});
  EXPECT_THAT(use("role-panel list").text(), Not(HasSubstr("was deleted")));
  (void)as_bot("DELETE", fmt::format("/channels/{}/messages/{}", channel(), message));
  EXPECT_THAT(use("role-panel list").text(), HasSubstr("its message was deleted"));
  EXPECT_THAT(use("role-panel add", {{"panel", "1"}, {"role", green}}).content(),
              HasSubstr("Its message was deleted"));
  const json::value made =
      as_bot("POST", fmt::format("/guilds/{}/channels", guild()), {{"name", "panels"}, {"type", 0}});
  const std::string elsewhere = text_of(made.as_object(), "id");
  EXPECT_THAT(use("role-panel post", {{"panel", "1"}, {"channel", elsewhere}}).content(),
              HasSubstr("is posted"));
  EXPECT_TRUE(shows("green", elsewhere));
  (void)as_bot("DELETE", "/channels/" + elsewhere);
  EXPECT_THAT(use("role-panel edit", {{"panel", "1"}, {"title", "Hues"}}).content(),
              HasSubstr("Its message was deleted"));
  const std::string again = post();
  const std::string member = join("newcomer");
  as(member);
  (void)press(again, button(green));
  EXPECT_THAT(roles_of(member), UnorderedElementsAre(green));
}

TEST_F(role_panel, posted_again_is_there_once) {
  const std::string first = posted_panel({red});
  const std::string second = post();
  EXPECT_NE(first, second);
  EXPECT_EQ(count("Choose it again to give it back"), 1);
  EXPECT_THAT(use("role-panel delete", {{"panel", "1"}}).content(), HasSubstr("is deleted"));
  EXPECT_EQ(count("Choose it again to give it back"), 0);
}

// The defect: whoever may manage roles has the bot give what is above both.
TEST_F(role_panel, offers_no_role_above_the_bot_or_above_who_builds_it) {
  // The role of the bot that comes anew is below all that are there.
  (void)act("remove_bot", {{"guild", guild()}, {"bot", "bot1"}});
  (void)act("add_bot", {{"guild", guild()}, {"bot", "bot1"}});
  const std::string middle = make_role("middle");
  const std::string helpers = make_role("helpers", manage_roles);
  const std::string low = make_role("low");
  (void)use("role-panel create", {{"title", "Colours"}});
  EXPECT_THAT(use("role-panel add", {{"panel", "1"}, {"role", red}}).content(),
              HasSubstr("not below the bot's own highest role"));
  const std::string helper = join("helper");
  give(helper, helpers);
  const std::string owner = acting();
  as(helper);
  EXPECT_THAT(use("role-panel add", {{"panel", "1"}, {"role", middle}}).content(),
              HasSubstr("not below your own highest role"));
  EXPECT_THAT(use("role-panel add", {{"panel", "1"}, {"role", low}}).content(), HasSubstr("offers"));
  as(owner);
  add(middle);
  as(helper);
  speak("ja");
  EXPECT_THAT(use("role-panel post", {{"panel", "1"}}).content(), HasSubstr("最上位のロールより下にないため"))
      << "posting it would let the helper take what the owner meant for others";
}

TEST_F(role_panel, a_role_that_is_gone_is_told_and_reported_once) {
  const json::value made =
      as_bot("POST", fmt::format("/guilds/{}/channels", guild()), {{"name", "errors"}, {"type", 0}});
  const std::string errors = text_of(made.as_object(), "id");
  (void)use("config error-channel", {{"channel", errors}});
  const std::string message = posted_panel({red, green});
  (void)as_bot("DELETE", fmt::format("/guilds/{}/roles/{}", guild(), red));
  as(join("newcomer"));
  for (int i = 0; i < 2; ++i)
    EXPECT_THAT(press(message, button(red)).content(), HasSubstr("does not exist any more"));
  EXPECT_TRUE(shows("Role panels", errors));
  EXPECT_EQ(messages(errors).size(), 1U);
}

// The defect: a role that somebody deleted stood in the way of everything.
TEST_F(role_panel, goes_on_without_a_role_that_was_deleted) {
  (void)posted_panel({red, green}, {{"style", "menu"}});
  (void)as_bot("DELETE", fmt::format("/guilds/{}/roles/{}", guild(), red));
  EXPECT_TRUE(eventually(patience, [&] {
    return use("role-panel edit", {{"panel", "1"}, {"text", "Now"}})
        .content()
        .contains("not shown: red. `/role-panel remove`");
  }));
  EXPECT_TRUE(shows("Now"));
  EXPECT_EQ(count(red), 0);
  speak("ja");
  EXPECT_THAT(use("role-panel post", {{"panel", "1"}}).content(),
              HasSubstr("削除されたロールは表示されません: red"));
  EXPECT_EQ(count(green), 1);
  speak("en-US");
  EXPECT_THAT(use("role-panel remove", {{"panel", "1"}, {"role", "red"}}).content(),
              Not(HasSubstr("not shown")));
  (void)as_bot("DELETE", fmt::format("/guilds/{}/roles/{}", guild(), green));
  EXPECT_TRUE(eventually(
      patience, [&] { return use("role-panel post", {{"panel", "1"}}).content().contains("no roles yet"); }));
}

// The defect: who was overtaken was told that the message was deleted.
TEST_F(role_panel, posted_several_times_at_once_stands_once_and_all_are_told_where) {
  (void)posted_panel({red});
  std::vector<shown> calls;
  for (int i = 0; i < 3; ++i) {
    calls.emplace_back(act("command", {{"bot", "bot1"},
                                       {"name", "role-panel post"},
                                       {"options", json::object{{"panel", "1"}}},
                                       {"guild", guild()},
                                       {"channel", channel()},
                                       {"user", acting()},
                                       {"wait", 0}}));
  }
  for (const shown& each : calls) {
    EXPECT_TRUE(is_told(each, "https://discord.com/channels/"));
    EXPECT_FALSE(text_now(each).contains("was deleted"));
  }
  EXPECT_TRUE(eventually(patience, [&] { return count("Choose it again to give it back") == 1; }));
}

// The process dies when the new message is noted, while Discord has it wait with the deletion of the old one.
TEST_F(role_panel, posted_again_stands_once_though_the_process_is_killed_amid_it) {
  (void)posted_panel({red});
  discord.fault({{"kind", "user_429"}, {"delay", 6'000}, {"count", 1}, {"method", "DELETE"}});
  (void)act("command", {{"bot", "bot1"},
                        {"name", "role-panel post"},
                        {"options", json::object{{"panel", "1"}}},
                        {"guild", guild()},
                        {"channel", channel()},
                        {"user", acting()},
                        {"wait", 0}});
  EXPECT_TRUE(eventually(patience, [&] { return refused() > 0; }));
  EXPECT_EQ(count("Choose it again to give it back"), 2);
  crash();
  EXPECT_TRUE(eventually(patience, [&] { return count("Choose it again to give it back") == 1; }));
}

TEST_F(role_panel, of_several_editors_at_once_nobody_loses_an_entry) {
  const std::string message = posted_panel({red});
  std::vector<std::string> more;
  for (int i = 0; i < 8; ++i) more.push_back(make_role(fmt::format("extra-{}", i)));
  for (const std::string& each : more) {
    (void)act("command", {{"bot", "bot1"},
                          {"name", "role-panel add"},
                          {"options", json::object{{"panel", "1"}, {"role", each}}},
                          {"guild", guild()},
                          {"channel", channel()},
                          {"user", acting()},
                          {"wait", 0}});
  }
  EXPECT_TRUE(eventually(patience, [&] {
    const json::array all = messages();
    const std::string text = json::serialize(all);
    return std::ranges::all_of(more, [&](const std::string& each) { return text.contains(button(each)); });
  }));
  EXPECT_THAT(use("role-panel list").text(), HasSubstr("9 of 25"));
}

TEST_F(role_panel, texts_of_managers_mention_nobody) {
  (void)use("role-panel create", {{"title", "@everyone"}, {"text", "@here @everyone"}});
  EXPECT_THAT(use("role-panel add",
                  {{"panel", "1"}, {"role", red}, {"label", "@everyone"}, {"note", "<@&" + green + ">"}})
                  .content(),
              HasSubstr("offers"));
  (void)post();
  for (const json::value& each : messages()) {
    EXPECT_FALSE(each.at("mention_everyone").as_bool());
    EXPECT_TRUE(each.at("mention_roles").as_array().empty());
  }
}

TEST_F(role_panel, a_button_of_another_version_answers_politely) {
  (void)use("role-panel list");
  const json::value made = as_bot(
      "POST", fmt::format("/channels/{}/messages", channel()),
      {{"content", "old"},
       {"components",
        json::array{json::object{
            {"type", 1},
            {"components", json::array{json::object{{"type", 2},
                                                    {"style", 2},
                                                    {"label", "red"},
                                                    {"custom_id", "role-panel:v0:role:1." + red}}}}}}}});
  const std::string message = text_of(made.as_object(), "id");
  speak("ja");
  const shown answer = press(message, "role-panel:v0:role:1." + red);
  EXPECT_TRUE(answer.is_private());
  EXPECT_THAT(answer.content(), HasSubstr("以前のバージョン"));
}

TEST_F(role_panel, of_a_deleted_panel_or_a_role_that_was_taken_off_answers) {
  const std::string message = posted_panel({red, green});
  EXPECT_THAT(use("role-panel remove", {{"panel", "1"}, {"role", "green"}}).content(), HasSubstr("any more"));
  EXPECT_EQ(count(button(green)), 0);
  const json::value kept =
      as_bot("POST", fmt::format("/channels/{}/messages", channel()),
             {{"content", "a copy"},
              {"components",
               json::array{json::object{
                   {"type", 1},
                   {"components",
                    json::array{json::object{
                        {"type", 2}, {"style", 2}, {"label", "green"}, {"custom_id", button(green)}}}}}}}});
  const std::string copy = text_of(kept.as_object(), "id");
  EXPECT_THAT(press(copy, button(green)).content(), HasSubstr("does not offer this role"));
  (void)use("role-panel delete", {{"panel", "1"}});
  EXPECT_THAT(press(copy, button(green)).content(), HasSubstr("panel does not exist any more"));
}

TEST_F(role_panel, suggests_panels_and_their_roles_while_somebody_types) {
  (void)posted_panel({red, green});
  EXPECT_THAT(suggest("role-panel remove", "panel", {{"panel", "col"}}).text(), HasSubstr("#1 Colours"));
  const std::string offered = suggest("role-panel remove", "role", {{"panel", "1"}, {"role", "gr"}}).text();
  EXPECT_THAT(offered, HasSubstr("green"));
  EXPECT_THAT(offered, Not(HasSubstr("red")));
}

}  // namespace
}  // namespace guildfleet::integration
