// Bumps and their reminders as a server's members see them, with restarts and kills in between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/feature_scenario.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* disboard = "302050872383242240";
constexpr const char* dissoku = "761562078095867916";

class bump_reminder : public feature_scenario {
 protected:
  explicit bump_reminder(const discord_plan& plan = {.bucket_limits = false, .global_limit = false})
      : feature_scenario("bump-reminder", plan) {}

  void switch_on(int wait = 1, bool confirm = false) {
    set("bump-reminder", {{"enabled", true}, {"wait", wait}, {"confirm", confirm}});
  }
  // What a service's bot posts; the message's id.
  std::string post(const char* service, const json::array& embeds, const std::string& edited = {}) const {
    json::object body{
        {"user", service},
        {"name", service == disboard ? "DISBOARD" : "ディス速"},
        {"guild", guild()},
        {"channel", channel()},
        {"message",
         json::object{{"content", ""},
                      {"embeds", embeds},
                      {"interaction_metadata",
                       json::object{{"id", "1"}, {"type", 2}, {"user", json::object{{"id", acting()}}}}}}}};
    if (!edited.empty()) {
      body["edited"] = edited;
      body["message"] = json::object{{"embeds", embeds}};
    }
    return text_of(act("app_message", std::move(body)), "id");
  }
  [[nodiscard]] static json::array bumped() {
    return {json::object{{"title", "DISBOARD: The Public Server List"},
                         {"description", "Bump done! :thumbsup:\nCheck it out on DISBOARD."}}};
  }
  std::string bump() const { return post(disboard, bumped()); }

  // Until the bot, which hears of its settings within a second or so, notices one.
  void bump_that_is_noticed() const {
    for (int i = 0; i < 30; ++i) {
      bump();
      if (eventually(2s, [&] { return timers() > 0 || count(reminder) > 0; })) return;
    }
    ADD_FAILURE() << "no bump was noticed";
  }
  [[nodiscard]] bool stays_at(int times, const std::string& text) const {
    return !eventually(1'500ms, [&] { return count(text) != times; });
  }

  static constexpr const char* reminder = "can be bumped on DISBOARD again";
};

TEST_F(bump_reminder, reminds_role_and_members_once) {
  const std::string role =
      text_of(as_bot("POST", "/guilds/" + guild() + "/roles", {{"name", "bumpers"}, {"mentionable", true}})
                  .as_object(),
              "id");
  // Before it is on: a bump is noticed with all that is set.
  set("bump-reminder", {{"enabled", false}, {"wait", 5}, {"confirm", true}});
  EXPECT_THAT(use("bump-reminder on", {{"role", guild()}}).text(), HasSubstr("Everybody has the role"));
  EXPECT_THAT(use("bump-reminder on", {{"role", role}}).text(),
              AllOf(HasSubstr("Reminders are on."), HasSubstr("Channel: where the server was bumped")));
  bump_that_is_noticed();
  ASSERT_TRUE(shows("Thank you for the bump on DISBOARD"));
  const json::object confirmation = messages().back().as_object();
  const std::string member = join("fan");
  const std::string before = acting();
  as(member);
  const std::string message = text_of(confirmation, "id");
  EXPECT_THAT(press(message, "bump-reminder:v1:in:").text(), HasSubstr("You are mentioned by the reminders"));
  EXPECT_THAT(press(message, "bump-reminder:v1:in:").text(), HasSubstr("mentioned already"));
  as(before);

  ASSERT_TRUE(shows(reminder));
  const json::object seen = messages().back().as_object();
  EXPECT_THAT(text_of(seen, "content"), AllOf(HasSubstr("<@&" + role + ">"), HasSubstr("<@" + member + ">")));
  EXPECT_EQ(seen.at("mention_roles").as_array().size(), 1U);
  EXPECT_EQ(seen.at("mentions").as_array().size(), 1U);
  EXPECT_TRUE(stays_at(1, reminder));
  EXPECT_EQ(timers(), 0U);
}

TEST_F(bump_reminder, members_who_opt_in_at_once_are_all_kept) {
  switch_on(600, true);
  bump_that_is_noticed();
  ASSERT_TRUE(shows("Thank you for the bump on DISBOARD"));
  const std::string message = text_of(messages().back().as_object(), "id");
  for (int i = 0; i < 6; ++i)
    (void)act("button", {{"message", message},
                         {"custom_id", "bump-reminder:v1:in:"},
                         {"user", join(fmt::format("fan{}", i))}});
  EXPECT_TRUE(eventually(patience, [&] { return use("bump-reminder status").text().contains("6 of 75"); }));
}

TEST_F(bump_reminder, speaks_the_servers_language_and_the_members) {
  switch_on(1, true);
  ASSERT_TRUE(use("config language", {{"value", "ja"}}).answered());
  speak("ja");
  EXPECT_THAT(use("bump-reminder status").text(), HasSubstr("リマインダーは有効です"));
  bump_that_is_noticed();
  ASSERT_TRUE(shows("表示順アップを確認しました"));
  const std::string message = text_of(messages().back().as_object(), "id");
  EXPECT_THAT(press(message, "bump-reminder:v1:in:").text(), HasSubstr("あなたに通知します"));
  EXPECT_THAT(press(message, "bump-reminder:v1:out:").text(), HasSubstr("今後は通知しません"));
  EXPECT_TRUE(shows("サーバーの表示順を上げられます"));
}

TEST_F(bump_reminder, notices_dissokus_answer_when_it_is_filled_in) {
  switch_on();
  bump_that_is_noticed();
  const std::string message = post(dissoku, {json::object{{"description", "処理中"}}});
  EXPECT_TRUE(stays_at(0, "Dissoku again"));
  post(
      dissoku,
      {json::object{{"fields", json::array{json::object{{"name", "`鯖` をアップしたよ!"}, {"value", "x"}}}}}},
      message);
  EXPECT_TRUE(shows("can be bumped on Dissoku again"));
}

TEST_F(bump_reminder, takes_no_failed_bump_and_no_other_bot_for_one) {
  switch_on();
  bump_that_is_noticed();
  ASSERT_TRUE(shows(reminder));
  post(disboard,
       {json::object{{"description", "Please wait another 57 minutes until the server can be bumped"}}});
  post("123456789012345678", bumped());
  say("Bump done! :thumbsup:");
  EXPECT_TRUE(stays_at(1, reminder));
  EXPECT_EQ(timers(), 0U);
}

TEST_F(bump_reminder, costs_nothing_and_says_nothing_where_it_is_off) {
  EXPECT_THAT(use("bump-reminder status").text(), HasSubstr("Reminders are off"));
  bump();
  EXPECT_TRUE(stays_at(0, "Thank you"));
  EXPECT_EQ(timers(), 0U);
}

TEST_F(bump_reminder, outlives_restarts_and_kills_and_fires_once) {
  switch_on(4);
  bump_that_is_noticed();
  crash();
  restart();
  crash();
  EXPECT_TRUE(shows(reminder));
  EXPECT_TRUE(stays_at(1, reminder));
  restart();
  EXPECT_TRUE(stays_at(1, reminder)) << "not again after another restart";
}

TEST_F(bump_reminder, that_was_due_while_nobody_ran_comes_afterwards) {
  switch_on(2);
  bump_that_is_noticed();
  bot->kill();
  EXPECT_TRUE(stays_at(0, reminder));
  start();
  EXPECT_TRUE(shows(reminder));
  EXPECT_TRUE(stays_at(1, reminder));
}

TEST_F(bump_reminder, switching_it_off_leaves_no_timer) {
  switch_on(600);
  bump_that_is_noticed();
  EXPECT_THAT(use("bump-reminder off").text(), HasSubstr("Reminders are off"));
  EXPECT_TRUE(eventually(patience, [&] { return timers() == 0; }));
  EXPECT_THAT(use("bump-reminder on").text(), HasSubstr("Reminders are on"));
  EXPECT_TRUE(eventually(patience, [&] { return timers() == 1; })) << "it is not due yet";
  EXPECT_THAT(use("config reset", {{"feature", "bump-reminder"}}).text(), HasSubstr("Saved."));
  EXPECT_TRUE(eventually(patience, [&] { return timers() == 0; }));
}

// 2^31 milliseconds: where other programs' timers fire at once.
TEST_F(bump_reminder, a_delay_of_more_than_24_8_days_does_not_fire_at_once) {
  switch_on(30 * 86'400);
  bump_that_is_noticed();
  restart();
  EXPECT_TRUE(stays_at(0, reminder));
  EXPECT_EQ(timers(), 1U);
  const auto jobs = open_data()->list_jobs({}).value();
  EXPECT_GT(jobs.at(0).plan.due - base::system_clock().wall_now(), std::chrono::days(29));
}

TEST_F(bump_reminder, a_newer_bump_takes_the_place_of_the_one_before) {
  switch_on(600);
  bump_that_is_noticed();
  switch_on(1);
  EXPECT_TRUE(eventually(patience, [&] {
    bump();
    return eventually(3s, [&] { return count(reminder) > 0; });
  }));
  EXPECT_TRUE(eventually(patience, [&] { return timers() == 0; }));
  EXPECT_TRUE(stays_at(1, reminder));
}

TEST_F(bump_reminder, a_failed_send_is_not_taken_for_sent) {
  switch_on(1);
  discord.fault({{"kind", "server_error"}, {"method", "POST"}, {"route", "/messages"}, {"duration", 4'000}});
  bump_that_is_noticed();
  EXPECT_TRUE(shows(reminder));
  EXPECT_TRUE(stays_at(1, reminder));
}

TEST_F(bump_reminder, a_deleted_channel_is_reported_and_nothing_is_tried_for_ever) {
  const std::string doomed = text_of(
      as_bot("POST", "/guilds/" + guild() + "/channels", {{"name", "doomed"}, {"type", 0}}).as_object(),
      "id");
  ASSERT_THAT(use("config error-channel", {{"channel", channel()}}).text(), HasSubstr("Saved."));
  set("bump-reminder", {{"enabled", true}, {"wait", 2}, {"confirm", false}, {"channel", doomed}});
  bump_that_is_noticed();
  (void)as_bot("DELETE", "/channels/" + doomed);
  EXPECT_TRUE(shows("A channel or category that it uses was deleted"));
  EXPECT_TRUE(eventually(patience, [&] { return timers() == 0; }));
  EXPECT_THAT(use("bump-reminder status").text(), AllOf(HasSubstr("Channel: <#" + doomed + ">"),
                                                        HasSubstr("does not exist, or the bot cannot see it"),
                                                        HasSubstr("DISBOARD: no reminder is planned")));
}

TEST_F(bump_reminder, comes_without_a_role_that_was_deleted_and_reports_it) {
  const json::value made = as_bot("POST", "/guilds/" + guild() + "/roles", {{"name", "bumpers"}});
  const std::string role = text_of(made.as_object(), "id");
  ASSERT_THAT(use("config error-channel", {{"channel", channel()}}).text(), HasSubstr("Saved."));
  set("bump-reminder", {{"enabled", true}, {"wait", 2}, {"confirm", false}, {"role", role}});
  (void)as_bot("DELETE", "/guilds/" + guild() + "/roles/" + role);
  bump_that_is_noticed();
  EXPECT_TRUE(shows(reminder));
  EXPECT_TRUE(shows("A role that it uses was deleted"));
  EXPECT_THAT(use("bump-reminder status").text(), HasSubstr("does not exist any more. Choose another one."));
}

TEST_F(bump_reminder, is_set_up_by_who_may_manage_the_server_only) {
  EXPECT_THAT(use("bump-reminder status").text(), HasSubstr("Reminders are off"));
  json::object call{{"bot", "bot1"},
                    {"name", "bump-reminder on"},
                    {"user", join("newcomer")},
                    {"wait", 5'000},
                    {"locale", "ja"}};
  EXPECT_FALSE(discord.try_act("command", call));
  call["lent"] = true;
  EXPECT_THAT(shown(act("command", call)).text(), HasSubstr("サーバー管理"));
}

}  // namespace
}  // namespace guildfleet::integration
