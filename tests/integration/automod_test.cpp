// Automod as a server's managers set it up and its members meet it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/feature_scenario.hpp"

namespace guildfleet::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class automod : public feature_scenario {
 protected:
  // The test itself looks more often than Discord lets a bot.
  automod() : feature_scenario("automod", {.bucket_limits = false, .global_limit = false}) {}

  // Every rule that a text breaks by itself, and a channel for the log; as a server would have it.
  void set_rules(const std::string& action = "delete") {
    log = text_of(as_bot("POST", fmt::format("/guilds/{}/channels", guild()), {{"name", "log"}, {"type", 0}})
                      .as_object(),
                  "id");
    set("automod", {{"words_action", action},
                    {"words", json::array{"badword", "バカ"}},
                    {"invites_action", action},
                    {"links_action", action},
                    {"allowed_links", json::array{"example.com"}},
                    {"mentions_action", action},
                    {"mentions_limit", 2},
                    {"log_channel", log}});
    EXPECT_TRUE(comes_to_remove("https://not-allowed.example"));
  }
  // Settings reach the rules half a second later.
  [[nodiscard]] bool comes_to_remove(const std::string& content) {
    const std::string before = acting();
    as(member);
    const bool out = eventually(patience, [&] {
      const std::string probe = say(content);
      return eventually(1s, [&] { return !is_there(probe); });
    });
    as(before);
    return out;
  }
  [[nodiscard]] bool is_there(const std::string& message) const {
    return std::ranges::any_of(
        messages(), [&](const json::value& each) { return text_of(each.as_object(), "id") == message; });
  }
  // A member writes it, and it goes.
  [[nodiscard]] bool removes(const std::string& content) {
    const std::string message = say(content);
    return eventually(patience, [&] { return !is_there(message); });
  }
  // ... and it is still there once a later one, which breaks a rule, is gone.
  [[nodiscard]] bool lets_stand(const std::string& content, const std::string& as_who) {
    as(as_who);
    const std::string message = say(content);
    as(member);
    return removes("badword") && is_there(message);
  }
  [[nodiscard]] bool is_timed_out(const std::string& user) const {
    const json::value who = as_bot("GET", fmt::format("/guilds/{}/members/{}", guild(), user));
    const json::value* until = who.as_object().if_contains("communication_disabled_until");
    return until != nullptr && until->is_string();
  }

  std::string member = join("member");
  std::string log;
};

TEST_F(automod, is_set_up_seen_and_tried_out_in_both_languages) {
  EXPECT_THAT(use("automod rule", {{"rule", "words"}, {"action", "warn"}}).text(),
              HasSubstr("Words: Off → Delete and warn"));
  EXPECT_THAT(use("automod add", {{"word", "spam*"}, {"link", "https://Example.com/x"}}).text(),
              HasSubstr("example.com"));
  EXPECT_THAT(use("automod add", {{"word", "ＳＰＡＭ*"}}).text(), HasSubstr("It was so already"));
  EXPECT_THAT(use("automod add").text(), HasSubstr("Give at least one"));
  EXPECT_THAT(use("automod add", {{"link", "nowhere"}}).text(), HasSubstr("That is no domain"));
  EXPECT_THAT(use("automod rule", {{"rule", "words"}, {"action", "warn"}, {"limit", 3}}).text(),
              HasSubstr("no such limit"));
  EXPECT_THAT(use("automod rule", {{"rule", "flood"}, {"action", "delete"}, {"limit", 50}}).text(),
              AllOf(HasSubstr("Nothing was saved"), HasSubstr("Flood: messages: This must be")));
  EXPECT_THAT(use("automod add", {{"invite", "discord.gg/example"}}).text(),
              HasSubstr("The rule **Invites** is off"));
  EXPECT_THAT(use("automod remove", {{"word", "none"}, {"link", "elsewhere.org"}}).content(),
              HasSubstr("not on the lists: \"none\", \"elsewhere\\.org\". `/automod view`"));
  EXPECT_THAT(use("automod remove", {{"word", "none"}, {"invite", "discord.gg/example"}}).content(),
              AllOf(HasSubstr("Saved"), HasSubstr("This was not on the lists: \"none\".")));
  EXPECT_THAT(use("automod test", {{"text", "you SPAMMER"}}).text(),
              HasSubstr("**Words**: Delete and warn."));
  EXPECT_THAT(use("automod test", {{"text", "hello"}}).text(), HasSubstr("breaks no rule"));
  crash();
  speak("ja");
  EXPECT_THAT(use("automod view").text(), AllOf(HasSubstr("禁止ワード: 削除して警告"), HasSubstr("spam*")));
  EXPECT_THAT(use("automod test", {{"text", "you SPAMMER"}}).text(), HasSubstr("ルール「禁止ワード」に違反"));
  EXPECT_THAT(use("automod remove", {{"word", "spam*"}}).text(), HasSubstr("保存しました"));
  EXPECT_THAT(use("automod remove", {{"word", "―"}}).content(),
              HasSubstr("リストにないため、変更していません: 「―」。"));
  EXPECT_THAT(use("automod timeout", {{"minutes", 40'320}}).text(), HasSubstr("保存しました"));
  EXPECT_THAT(use("automod view").text(), Not(HasSubstr("spam*")));
}

TEST_F(automod, removes_what_breaks_a_rule_and_nothing_else_through_restarts) {
  set_rules();
  as(member);
  for (const char* bad : {"a BadWord", "ｂａｄｗｏｒｄ", "このばかもの", "discord.gg/elsewhere",
                          "http://example.org/", "<@1> <@2> <@3>"})
    EXPECT_TRUE(removes(bad)) << bad;
  crash();
  EXPECT_TRUE(removes("badword again"));
  restart();
  EXPECT_TRUE(removes("badword once more"));
  for (const char* good : {"badwords are bad", "https://www.example.com/page", "<@1> <@2>"})
    EXPECT_TRUE(lets_stand(good, member)) << good;
  EXPECT_TRUE(shows("deleted (Words): badword", log));
  EXPECT_TRUE(shows("deleted (Links): example\\\\.org", log));
}

// Discord refuses to delete a message older than two weeks together with others.
TEST_F(automod, an_old_message_that_is_edited_saves_no_new_one) {
  set_rules();
  as(member);
  const std::string old = text_of(act("message", {{"guild", guild()},
                                                  {"channel", channel()},
                                                  {"user", member},
                                                  {"content", "fine"},
                                                  {"days_old", 20}}),
                                  "id");
  std::vector<std::string> written;
  written.push_back(say("badword"));
  (void)act("edit", {{"message", old}, {"content", "badword"}});
  written.push_back(say("badword again"));
  EXPECT_TRUE(eventually(patience, [&] {
    return !is_there(old) &&
           std::ranges::none_of(written, [&](const std::string& each) { return is_there(each); });
  }));
}

TEST_F(automod, looks_at_messages_again_when_they_are_edited) {
  set_rules();
  as(member);
  const std::string message = say("fine");
  (void)act("edit", {{"message", message}, {"content", "badword"}});
  EXPECT_TRUE(eventually(patience, [&] { return !is_there(message); }));
}

TEST_F(automod, takes_no_pin_for_an_edit) {
  as(member);
  const std::string before_the_rules = say("badword");
  set_rules();
  (void)as_bot("PUT", fmt::format("/channels/{}/pins/{}", channel(), before_the_rules));
  as(member);
  EXPECT_TRUE(removes("badword"));
  EXPECT_TRUE(is_there(before_the_rules));
}

TEST_F(automod, spares_moderators_exempt_roles_and_exempt_channels) {
  set_rules();
  const std::string owner = acting();
  EXPECT_TRUE(lets_stand("badword said the owner", owner));
  const std::string role = text_of(
      as_bot("POST", fmt::format("/guilds/{}/roles", guild()), {{"name", "friends"}}).as_object(), "id");
  const std::string friendly = join("friend");
  (void)as_bot("PUT", fmt::format("/guilds/{}/members/{}/roles/{}", guild(), friendly, role));
  as(owner);
  EXPECT_THAT(use("automod add", {{"role", role}, {"channel", log}}).text(), HasSubstr("Saved."));
  EXPECT_TRUE(eventually(patience, [&] { return lets_stand("badword among friends", friendly); }));
  as(member);
  const std::string in_log = say("badword in the log", log);
  EXPECT_TRUE(removes("badword here"));
  EXPECT_TRUE(shows("badword in the log", log));
}

TEST_F(automod, a_rule_is_in_force_when_it_is_said_to_be) {
  set_rules();
  for (int i = 0; i < 3; ++i) {
    const std::string word = fmt::format("word{}", i);
    as(discord.owner_of_first_guild());
    EXPECT_THAT(use("automod add", {{"word", word}}).text(), HasSubstr("Saved."));
    as(member);
    EXPECT_TRUE(removes(word)) << word;
  }
}

// What a member did comes again after a crash; here because a command before it had not been answered.
TEST_F(automod, a_member_is_warned_once_though_the_message_comes_again) {
  set_rules("warn");
  const std::string first = join("first");
  const std::string second = join("second");
  discord.fault({{"kind", "latency"}, {"delay", 60'000}, {"count", 1}, {"route", "/callback"}});
  (void)act("command", {{"bot", "bot1"}, {"name", "automod view"}, {"guild", guild()}, {"user", acting()}});
  as(first);
  EXPECT_TRUE(removes("badword"));
  const std::string warned = "a word of your message is not allowed here";
  EXPECT_TRUE(shows(fmt::format("<@{}>: {}", first, warned)));
  EXPECT_TRUE(shows(first, log));
  crash();
  as(second);
  EXPECT_TRUE(removes("badword"));
  EXPECT_TRUE(shows(second, log));
  EXPECT_EQ(count(fmt::format("<@{}>: {}", first, warned)), 1);
  EXPECT_EQ(count(first, log), 1);
}

TEST_F(automod, a_flood_is_removed_whole_and_its_writer_timed_out) {
  set_rules();
  EXPECT_THAT(
      use("automod rule", {{"rule", "flood"}, {"action", "timeout"}, {"limit", 5}, {"seconds", 10}}).text(),
      HasSubstr("Saved."));
  EXPECT_TRUE(eventually(patience, [&] {
    as(join("flooder"));
    for (int i = 0; i < 8; ++i) {
      const auto said = discord.try_act("message", {{"content", fmt::format("flood {}", i)},
                                                    {"guild", guild()},
                                                    {"channel", channel()},
                                                    {"user", acting()}});
      if (!said) break;
    }
    return eventually(1s, [&] { return is_timed_out(acting()); });
  }));
  EXPECT_TRUE(shows("deleted and timed out (Flood)", log));
}

TEST_F(automod, warns_in_the_servers_language_and_mentions_nobody_else) {
  speak("ja");
  EXPECT_THAT(use("config language", {{"value", "ja"}}).text(), HasSubstr("保存しました"));
  set_rules("warn");
  as(member);
  EXPECT_TRUE(removes("@everyone badword"));
  EXPECT_TRUE(shows(fmt::format("<@{}>: このリンクはここでは許可されていません", member)));
  for (const json::value& each : messages(log)) {
    EXPECT_FALSE(each.at("mention_everyone").as_bool());
    EXPECT_TRUE(each.at("mentions").as_array().empty());
  }
}

TEST_F(automod, mass_mentions_through_a_forbidden_word_reach_nobody) {
  set_rules();
  EXPECT_THAT(use("automod add", {{"word", "@everyone*"}}).text(), HasSubstr("Saved."));
  EXPECT_TRUE(comes_to_remove("@everyone come"));
  EXPECT_TRUE(eventually(patience, [&] { return count("everyone", log) > 0; }));
  for (const json::value& each : messages(log)) EXPECT_FALSE(each.at("mention_everyone").as_bool());
}

TEST_F(automod, what_the_bot_may_not_delete_is_reported_once_and_sent_never) {
  set_rules();
  EXPECT_THAT(use("config error-channel", {{"channel", log}}).text(), HasSubstr("Saved."));
  for (const json::value& each : roles()) {
    if (!each.at("managed").as_bool()) continue;
    (void)as_bot("PUT",
                 fmt::format("/channels/{}/permissions/{}", channel(), each.at("id").as_string().c_str()),
                 {{"type", 0}, {"deny", "8192"}});
  }
  as(member);
  for (int i = 0; i < 3; ++i) (void)say(fmt::format("badword {}", i));
  EXPECT_TRUE(shows("Manage Messages", log));
  EXPECT_TRUE(shows("it could not be deleted (Words)", log));
  EXPECT_EQ(count("Manage Messages", log), 1);
  EXPECT_EQ(count("badword"), 3);
  EXPECT_EQ(discord.report().at("rest").at("invalid"), 0);
}

TEST_F(automod, concurrent_edits_of_a_list_lose_no_entry) {
  EXPECT_THAT(use("automod view").text(), HasSubstr("Automod"));
  for (int i = 0; i < 10; ++i) {
    (void)act("command", {{"bot", "bot1"},
                          {"name", "automod add"},
                          {"options", {{"word", fmt::format("word{}", i)}}},
                          {"guild", guild()},
                          {"user", acting()}});
  }
  EXPECT_TRUE(eventually(patience, [&] {
    const std::string seen = use("automod view").text();
    for (int i = 0; i < 10; ++i) {
      if (!seen.contains(fmt::format("word{}", i))) return false;
    }
    return true;
  }));
}

TEST_F(automod, suggests_what_can_be_removed) {
  EXPECT_THAT(use("automod add", {{"word", "alpha"}}).text(), HasSubstr("Saved."));
  EXPECT_THAT(use("automod add", {{"word", "beta"}}).text(), HasSubstr("Saved."));
  const shown seen = suggest("automod remove", "word", {{"word", "AL"}});
  EXPECT_THAT(seen.text(), AllOf(HasSubstr("alpha"), Not(HasSubstr("beta"))));
}

TEST_F(automod, a_raid_of_many_members_costs_few_requests) {
  set_rules();
  std::vector<std::string> raiders;
  for (int i = 0; i < 40; ++i) raiders.push_back(join(fmt::format("raider{}", i)));
  const auto before = number_of(discord.report().at("rest").as_object(), "requests");
  for (const std::string& each : raiders) {
    as(each);
    (void)say("discord.gg/raid");
  }
  EXPECT_TRUE(eventually(patience, [&] { return count("discord.gg/raid") == 0; }));
  const auto after = number_of(discord.report().at("rest").as_object(), "requests");
  RecordProperty("requests", static_cast<int>(after - before));
  EXPECT_LT(after - before, 60);  // the test's own looks are among them
}

}  // namespace
}  // namespace guildfleet::integration
