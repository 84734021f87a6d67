// Sticky messages as members of a server see them, with restarts and kills in between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/feature_scenario.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class sticky : public feature_scenario {
 protected:
  sticky() : feature_scenario("sticky", {.bucket_limits = false, .global_limit = false}) {}

  // Waits of one and some seconds in place of five and thirty.
  void hurry(int longest = 5) { set("sticky", {{"delay", 1}, {"longest", longest}}); }
  [[nodiscard]] std::string new_channel(const std::string& name) const {
    const auto made = as_bot("POST", "/guilds/" + guild() + "/channels", {{"name", name}, {"type", 0}});
    return text_of(made.as_object(), "id");
  }
  // The one before is deleted a moment after the new one is posted.
  [[nodiscard]] bool comes_to_stand_once(const std::string& text) const {
    return eventually(patience, [&] { return count(text) == 1; });
  }
  // While no process runs.
  void set_at_rest(json::object values) const {
    const auto data = open_data();
    const store::settings_key key{{}, {std::stoull(guild())}, "sticky"};
    const auto now = data->read_settings(key);
    ASSERT_TRUE(now) << now.error().message();
    const store::settings_change change{key, now->version, json::serialize(values)};
    const auto done = data->change_settings({&change, 1}, {"test", store::change_origin::cli});
    ASSERT_TRUE(done) << done.error().message();
  }
};

TEST_F(sticky, is_set_updated_listed_and_removed_in_both_languages) {
  hurry();
  const shown saved = use("sticky set", {{"text", "Read the rules"}});
  EXPECT_TRUE(saved.is_private());
  EXPECT_THAT(saved.text(), HasSubstr("Saved."));
  EXPECT_TRUE(ends_with("Read the rules"));
  EXPECT_THAT(use("sticky set", {{"text", "Read the rules"}}).text(), HasSubstr("like that already"));
  EXPECT_THAT(use("sticky list").text(), AllOf(HasSubstr("1 of 20"), HasSubstr("Read the rules")));

  speak("ja");
  EXPECT_THAT(use("sticky list").text(), AllOf(HasSubstr("1/20 件"), HasSubstr("Read the rules")));
  EXPECT_THAT(use("sticky update", {{"title", "お知らせ"}}).text(), HasSubstr("保存しました"));
  EXPECT_TRUE(ends_with("お知らせ"));
  EXPECT_TRUE(comes_to_stand_once("Read the rules")) << "the one before was deleted";
  EXPECT_THAT(use("sticky remove").text(), HasSubstr("削除します"));
  EXPECT_TRUE(eventually(patience, [&] { return count("お知らせ") == 0; }));
  EXPECT_THAT(use("sticky remove").text(), HasSubstr("固定メッセージはありません"));
  EXPECT_THAT(use("sticky update", {{"text", "x"}}).text(), HasSubstr("固定メッセージはありません"));
  EXPECT_THAT(use("sticky list").text(), HasSubstr("固定メッセージはありません"));
}

TEST_F(sticky, comes_back_after_the_last_message) {
  hurry();
  ASSERT_TRUE(use("sticky set", {{"text", "bottom"}}).answered());
  ASSERT_TRUE(ends_with("bottom"));
  say("one");
  say("two");
  EXPECT_TRUE(ends_with("bottom"));
  EXPECT_TRUE(comes_to_stand_once("bottom"));
}

TEST_F(sticky, is_posted_again_in_a_channel_that_is_never_quiet) {
  hurry();
  ASSERT_TRUE(use("sticky set", {{"text", "bottom"}}).answered());
  ASSERT_TRUE(ends_with("bottom"));
  const std::string first = text_of(messages().back().as_object(), "id");
  EXPECT_TRUE(eventually(patience, [&] {
    say("chatter");
    const json::array all = messages();
    return std::ranges::any_of(all, [&](const json::value& each) {
      const json::object& message = each.as_object();
      return text_of(message, "content") == "bottom" && text_of(message, "id") != first;
    });
  }));
}

TEST_F(sticky, a_form_takes_several_lines_and_outlives_a_restart) {
  hurry();
  const shown form = use("sticky set");
  ASSERT_TRUE(form.is_form());
  restart();
  EXPECT_THAT(submit(form, {{"text", "one\ntwo"}, {"title", "Rules"}, {"color", "#3b82f6"}}).text(),
              HasSubstr("Saved."));
  EXPECT_TRUE(ends_with("Rules"));
  EXPECT_THAT(use("sticky set").text(), HasSubstr("one\\ntwo")) << "the form shows what is there";
  EXPECT_THAT(submit(use("sticky set"), {{"text", ""}, {"title", ""}, {"color", ""}}).text(),
              HasSubstr("needs a text or a title"));
  EXPECT_THAT(use("sticky set", {{"text", "x"}, {"color", "blue"}}).text(), HasSubstr("is no colour"));
}

TEST_F(sticky, survives_restarts_and_kills_without_doubling) {
  hurry();
  ASSERT_TRUE(use("sticky set", {{"text", "bottom"}}).answered());
  ASSERT_TRUE(ends_with("bottom"));
  for (int round = 0; round < 3; ++round) {
    say("hello");
    crash();
    EXPECT_TRUE(ends_with("bottom")) << "a message before a kill";
    EXPECT_TRUE(comes_to_stand_once("bottom"));
    restart();
    say("again");
    EXPECT_TRUE(ends_with("bottom"));
    EXPECT_TRUE(comes_to_stand_once("bottom"));
  }
  EXPECT_FALSE(eventually(1'500ms, [&] { return count("bottom") != 1; }));
}

// Discord has the message, its answer is lost, and the process dies before it could write anything down.
TEST_F(sticky, a_crash_between_send_and_save_does_not_double_it) {
  hurry();
  ASSERT_TRUE(use("sticky set", {{"text", "bottom"}}).answered());
  ASSERT_TRUE(ends_with("bottom"));
  discord.fault(
      {{"kind", "latency"}, {"method", "POST"}, {"route", "/messages"}, {"delay", 60'000}, {"count", 1}});
  say("hello");
  ASSERT_TRUE(eventually(patience, [&] { return count("bottom") == 2; })) << "sent, and not saved yet";
  crash();
  EXPECT_TRUE(comes_to_stand_once("bottom"));
  EXPECT_TRUE(ends_with("bottom"));
}

// What is in the channel may be the old text; Discord tells by the nonce, and gives it for the new one.
TEST_F(sticky, a_change_between_a_crash_and_the_next_attempt_counts) {
  hurry();
  ASSERT_TRUE(use("sticky set", {{"text", "bottom"}}).answered());
  ASSERT_TRUE(ends_with("bottom"));
  discord.fault(
      {{"kind", "latency"}, {"method", "POST"}, {"route", "/messages"}, {"delay", 60'000}, {"count", 1}});
  say("hello");
  ASSERT_TRUE(eventually(patience, [&] { return count("bottom") == 2; })) << "sent, and not saved yet";
  bot->kill();
  set_at_rest({{"delay", 1},
               {"longest", 5},
               {"messages", json::array{json::object{{"channel", channel()}, {"text", "changed"}}}}});
  start();
  EXPECT_TRUE(ends_with("changed"));
  EXPECT_TRUE(comes_to_stand_once("changed"));
  EXPECT_TRUE(eventually(patience, [&] { return count("bottom") == 0; }));
}

// The timer of the dead process is due in ten minutes.
TEST_F(sticky, a_message_after_a_kill_brings_it_back_as_soon_as_any_other) {
  hurry(600);
  ASSERT_TRUE(use("sticky set", {{"text", "bottom"}}).answered());
  ASSERT_TRUE(ends_with("bottom"));
  for (int i = 0; i < 3; ++i) say("before");
  ASSERT_TRUE(eventually(patience, [&] { return timers() == 1; }));
  crash();
  say("after");
  EXPECT_TRUE(ends_with("bottom"));
  EXPECT_TRUE(comes_to_stand_once("bottom"));
}

TEST_F(sticky, a_message_that_could_not_be_sent_is_not_taken_for_sent) {
  hurry();
  ASSERT_TRUE(use("sticky set", {{"text", "bottom"}}).answered());
  ASSERT_TRUE(ends_with("bottom"));
  discord.fault({{"kind", "server_error"}, {"method", "POST"}, {"route", "/messages"}, {"duration", 3'000}});
  say("hello");
  EXPECT_TRUE(ends_with("bottom"));
  EXPECT_TRUE(comes_to_stand_once("bottom"));
}

TEST_F(sticky, mentions_nobody) {
  hurry();
  ASSERT_TRUE(use("sticky set", {{"text", "@everyone read this"}}).answered());
  ASSERT_TRUE(ends_with("@everyone read this"));
  const json::object message = messages().back().as_object();
  EXPECT_FALSE(message.at("mention_everyone").as_bool());
}

TEST_F(sticky, follows_imports_undo_and_reset) {
  hurry();
  set("sticky", {{"delay", 1},
                 {"longest", 5},
                 {"messages", json::array{json::object{{"channel", channel()}, {"text", "imported"}}}}});
  EXPECT_TRUE(ends_with("imported"));
  EXPECT_THAT(use("config reset", {{"feature", "sticky"}}).text(), HasSubstr("Saved."));
  EXPECT_TRUE(eventually(patience, [&] { return count("imported") == 0; }));
  EXPECT_THAT(use("config undo", {{"number", 3}}).text(), HasSubstr("Saved."));
  EXPECT_TRUE(ends_with("imported"));
}

TEST_F(sticky, two_who_edit_at_once_lose_nothing) {
  hurry();
  std::vector<std::string> places;
  for (int i = 0; i < 4; ++i) places.push_back(new_channel(fmt::format("room-{}", i)));
  for (const std::string& place : places)
    (void)act("command", {{"bot", "bot1"},
                          {"name", "sticky set"},
                          {"user", acting()},
                          {"options", json::object{{"text", "here"}, {"channel", place}}}});
  EXPECT_TRUE(eventually(patience, [&] { return use("sticky list").text().contains("4 of 20"); }));
  for (const std::string& place : places) EXPECT_TRUE(ends_with("here", place));
}

TEST_F(sticky, is_for_who_may_manage_messages_only) {
  EXPECT_THAT(use("sticky list").text(), HasSubstr("no sticky messages"));
  json::object call{{"bot", "bot1"}, {"name", "sticky set"}, {"user", join("newcomer")},
                    {"wait", 5'000}, {"locale", "ja"},       {"options", json::object{{"text", "mine"}}}};
  EXPECT_FALSE(discord.try_act("command", call));
  call["lent"] = true;
  EXPECT_THAT(shown(act("command", call)).text(), HasSubstr("次の権限が必要です: メッセージの管理"));
  EXPECT_EQ(count("mine"), 0);
}

TEST_F(sticky, a_deleted_channel_is_reported_once) {
  hurry();
  const std::string doomed = new_channel("doomed");
  ASSERT_THAT(use("config error-channel", {{"channel", channel()}}).text(), HasSubstr("Saved."));
  ASSERT_TRUE(use("sticky set", {{"text", "bottom"}, {"channel", doomed}}).answered());
  ASSERT_TRUE(ends_with("bottom", doomed));
  (void)as_bot("DELETE", "/channels/" + doomed);
  EXPECT_TRUE(shows("A channel or category that it uses was deleted"));
  restart();
  EXPECT_THAT(use("sticky list").text(), HasSubstr("deleted, or not visible"));
  EXPECT_EQ(count("A channel or category that it uses was deleted"), 1);
  EXPECT_THAT(use("sticky remove", {{"gone", doomed}}).text(), HasSubstr("taken away"));
  EXPECT_THAT(use("sticky list").text(), HasSubstr("no sticky messages"));
}

TEST_F(sticky, a_missing_permission_is_reported_once) {
  hurry();
  const std::string errors = new_channel("errors");
  ASSERT_THAT(use("config error-channel", {{"channel", errors}}).text(), HasSubstr("Saved."));
  ASSERT_TRUE(use("sticky set", {{"text", "bottom"}}).answered());
  ASSERT_TRUE(ends_with("bottom"));
  const std::string self = text_of(as_bot("GET", "/users/@me").as_object(), "id");
  (void)as_bot("PUT", fmt::format("/channels/{}/permissions/{}", channel(), self),
               {{"type", 1}, {"allow", "0"}, {"deny", "2048"}});
  EXPECT_TRUE(eventually(patience, [&] {
    say("hello");
    return count("Missing: Send Messages", errors) > 0;
  }));
  EXPECT_THAT(use("sticky set", {{"text", "other"}}).text(), HasSubstr("Send Messages"));
  restart();
  say("hello again");
  EXPECT_FALSE(eventually(3s, [&] { return count("Missing: Send Messages", errors) > 1; }));
}

TEST_F(sticky, channels_without_one_cost_no_timer_and_no_request) {
  hurry();
  const std::string other = new_channel("other");
  ASSERT_TRUE(use("sticky set", {{"text", "bottom"}}).answered());
  ASSERT_TRUE(ends_with("bottom"));
  ASSERT_TRUE(eventually(patience, [&] { return timers() == 0; }));
  const auto posted = [this] { return text_of(messages().back().as_object(), "id"); };
  const std::string before = posted();
  for (int i = 0; i < 100; ++i) say("chatter", other);
  EXPECT_FALSE(eventually(2s, [&] { return timers() > 0; }));
  EXPECT_EQ(posted(), before);
  EXPECT_EQ(messages(other).size(), 100U);
}

TEST_F(sticky, removing_it_leaves_no_timer) {
  set("sticky", {{"delay", 60}, {"longest", 600}});
  ASSERT_TRUE(use("sticky set", {{"text", "bottom"}}).answered());
  ASSERT_TRUE(ends_with("bottom"));
  say("hello");
  ASSERT_TRUE(eventually(patience, [&] { return timers() == 1; }));
  ASSERT_TRUE(use("sticky remove").answered());
  EXPECT_TRUE(eventually(patience, [&] { return count("bottom") == 0; }));
  EXPECT_TRUE(eventually(patience, [&] { return timers() == 0; }));
}

}  // namespace
}  // namespace guildfleet::integration
