// Moderation as moderators use it: cases, bans that end, purges.
#include <gtest/gtest.h>

#include "integration/moderation_scenario.hpp"

namespace guildfleet::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::uint64_t moderate = 1ULL << 40U;
constexpr std::uint64_t ban_members = 1ULL << 2U;

class moderation : public moderation_scenario {
 protected:
  // A new member with a role of these permissions, above those that were given so before.
  std::string join_with(const std::string& name, std::uint64_t permissions) {
    const std::string user = join(name);
    const std::string role = text_of(as_bot("POST", fmt::format("/guilds/{}/roles", guild()),
                                            {{"name", name}, {"permissions", std::to_string(permissions)}})
                                         .as_object(),
                                     "id");
    (void)as_bot("PUT", fmt::format("/guilds/{}/members/{}/roles/{}", guild(), user, role));
    return user;
  }
};

TEST_F(moderation, what_moderators_do_becomes_cases_in_both_languages) {
  EXPECT_THAT(told("warn", {{"member", member}, {"reason", "be kind"}}),
              HasSubstr(fmt::format("Case #1: <@{}> is warned.", member)));
  EXPECT_THAT(told("timeout", {{"member", member}, {"duration", "10m"}, {"reason", "again"}}),
              HasSubstr("Case #2"));
  EXPECT_TRUE(is_timed_out(member));
  EXPECT_THAT(told("untimeout", {{"member", member}}), HasSubstr("Case #3"));
  EXPECT_FALSE(is_timed_out(member));
  EXPECT_THAT(told("untimeout", {{"member", member}}), HasSubstr("is not timed out, and there is no case"));
  crash();
  speak("ja");
  EXPECT_THAT(told("kick", {{"member", member}, {"reason", "荒らし"}}), HasSubstr("処分 #4"));
  EXPECT_THAT(told("ban", {{"user", member}}), HasSubstr("BANしました"));
  EXPECT_TRUE(is_banned(member));
  EXPECT_THAT(told("case list", {{"user", member}}),
              AllOf(HasSubstr("**#1** 警告"), HasSubstr("荒らし"), HasSubstr("**#5** BAN")));
  EXPECT_THAT(told("case reason", {{"number", 1}, {"reason", "be very kind"}}),
              HasSubstr("処分 #1 の理由を変更しました"));
  restart();
  EXPECT_THAT(told("case view", {{"number", 1}}),
              AllOf(HasSubstr("be very kind"), HasSubstr("以前の理由"), HasSubstr("be kind")));
  EXPECT_THAT(told("unban", {{"user", member}}), HasSubstr("処分 #6"));
  EXPECT_FALSE(is_banned(member));
  EXPECT_THAT(told("unban", {{"user", member}}), HasSubstr("BANされていません"));
  EXPECT_THAT(told("ban", {{"user", member}}), HasSubstr("処分 #7")) << "it has drawn no number";
  EXPECT_THAT(told("case view", {{"number", 99}}), HasSubstr("処分 #99 はありません"));
  for (int number = 1; number <= 7; ++number)
    EXPECT_TRUE(shows(fmt::format("Case #{}:", number), log)) << number;
  EXPECT_THAT(told("timeout", {{"member", acting()}, {"duration", "soon"}}),
              HasSubstr("長さを読み取れません"));
  EXPECT_THAT(told("ban", {{"user", acting()}, {"duration", "11y"}}), HasSubstr("最長10年"));
}

TEST_F(moderation, who_acts_is_told_that_the_log_channel_lacks_the_case) {
  (void)as_bot("DELETE", fmt::format("/channels/{}", log));
  EXPECT_THAT(told("warn", {{"member", member}, {"reason", "be kind"}}),
              AllOf(HasSubstr("is warned"), HasSubstr("could not be posted in the log channel")));
  speak("ja");
  EXPECT_THAT(told("ban", {{"user", member}}), HasSubstr("処分を記録用チャンネルに投稿できませんでした。"));
}

TEST_F(moderation, who_stands_no_lower_is_not_touched) {
  const std::string owner = acting();
  const std::string low = join_with("low", moderate | ban_members);
  const std::string high = join_with("high", moderate | ban_members);
  as(low);
  EXPECT_THAT(told("ban", {{"user", owner}}), HasSubstr("not below your highest one"));
  EXPECT_THAT(told("ban", {{"user", low}}), HasSubstr("to yourself"));
  EXPECT_THAT(told("warn", {{"member", member}, {"reason", "x"}}), HasSubstr("Case #1"));
  const std::string first = told("warn", {{"member", high}, {"reason", "x"}});
  as(high);
  const std::string second = told("warn", {{"member", low}, {"reason", "x"}});
  EXPECT_NE(first.contains("is warned"), second.contains("is warned")) << "one stands above the other";
  const auto lent = [&](const char* locale) {
    return shown(act("command", {{"bot", "bot1"},
                                 {"name", "ban"},
                                 {"options", {{"user", low}}},
                                 {"guild", guild()},
                                 {"user", member},
                                 {"locale", locale},
                                 {"lent", true},
                                 {"wait", 5'000}}))
        .text();
  };
  EXPECT_THAT(lent("en-US"), HasSubstr("You need this permission in this server: Ban Members"));
  EXPECT_THAT(lent("ja"), HasSubstr("次の権限が必要です: メンバーをBAN"));
}

TEST_F(moderation, timers_are_neither_lost_nor_fired_twice_by_restarts) {
  std::vector<std::string> banned;
  for (int i = 0; i < 5; ++i) {
    banned.push_back(join(fmt::format("banned{}", i)));
    EXPECT_THAT(told("ban", {{"user", banned.back()}, {"duration", "5s"}}), HasSubstr("is banned until"));
  }
  crash();
  crash();
  restart();
  for (const std::string& each : banned) EXPECT_TRUE(comes_back(each));
  EXPECT_TRUE(eventually(patience, [&] { return count("end of a ban", log) == 5; }));
  crash();
  EXPECT_THAT(told("warn", {{"member", member}, {"reason", "x"}}), HasSubstr("Case #11"));
  EXPECT_EQ(count("end of a ban", log), 5);
}

TEST_F(moderation, a_delay_of_more_than_25_days_does_not_fire_at_once) {
  for (const char* duration : {"25d", "30d", "60d", "10y"})
    EXPECT_THAT(told("ban", {{"user", join(duration)}, {"duration", duration}}), HasSubstr("until"));
  const std::string soon = join("soon");
  EXPECT_THAT(told("ban", {{"user", soon}, {"duration", "1s"}}), HasSubstr("until"));
  EXPECT_TRUE(comes_back(soon));
  crash();
  const std::string later = join("later");
  EXPECT_THAT(told("ban", {{"user", later}, {"duration", "1s"}}), HasSubstr("until"));
  EXPECT_TRUE(comes_back(later));
  EXPECT_EQ(as_bot("GET", fmt::format("/guilds/{}/bans", guild())).as_array().size(), 4U);
}

TEST_F(moderation, a_ban_that_is_lifted_or_made_anew_has_no_old_end) {
  const std::string by_hand = join("by hand");
  const std::string for_good = join("for good");
  EXPECT_THAT(told("ban", {{"user", by_hand}, {"duration", "4s"}}), HasSubstr("until"));
  EXPECT_THAT(told("ban", {{"user", for_good}, {"duration", "4s"}}), HasSubstr("until"));
  (void)as_bot("DELETE", fmt::format("/guilds/{}/bans/{}", guild(), by_hand));
  EXPECT_THAT(told("ban", {{"user", for_good}}), Not(HasSubstr("until")));
  (void)as_bot("PUT", fmt::format("/guilds/{}/bans/{}", guild(), by_hand));
  const std::string last = join("last");
  EXPECT_THAT(told("ban", {{"user", last}, {"duration", "5s"}}), HasSubstr("until"));
  EXPECT_TRUE(comes_back(last));
  EXPECT_TRUE(is_banned(by_hand));
  EXPECT_TRUE(is_banned(for_good));
}

TEST_F(moderation, mass_mentions_through_reasons_reach_nobody) {
  const shown answer = use("warn", {{"member", member}, {"reason", "@everyone @here <@&1>"}});
  EXPECT_THAT(answer.text(), HasSubstr("Case #1"));
  EXPECT_THAT(told("case list"), HasSubstr("\\\\@everyone"));
  EXPECT_TRUE(shows("everyone", log));
  for (const json::value& each : messages(log)) {
    EXPECT_FALSE(each.at("mention_everyone").as_bool());
    EXPECT_TRUE(each.at("mention_roles").as_array().empty());
  }
}

TEST_F(moderation, two_who_change_a_reason_at_once_lose_nothing) {
  EXPECT_THAT(told("warn", {{"member", member}, {"reason", "first"}}), HasSubstr("Case #1"));
  for (const char* reason : {"second", "third", "fourth"}) {
    (void)act("command", {{"bot", "bot1"},
                          {"name", "case reason"},
                          {"options", {{"number", 1}, {"reason", reason}}},
                          {"guild", guild()},
                          {"user", acting()}});
  }
  EXPECT_TRUE(eventually(patience, [&] {
    const std::string seen = told("case view", {{"number", 1}});
    return seen.contains("first") && seen.contains("second") && seen.contains("third") &&
           seen.contains("fourth");
  }));
}

TEST_F(moderation, a_purge_is_shown_and_confirmed_through_a_restart) {
  as(member);
  for (int i = 0; i < 5; ++i) (void)say(fmt::format("spam {}", i));
  const std::string kept = say("useful");
  as(discord.owner_of_first_guild());
  const shown other = use("purge", {{"count", 100}, {"contains", "ＳＰＡＭ"}});
  EXPECT_THAT(other.text(), HasSubstr("would delete 5 messages"));
  EXPECT_THAT(press(other, "cancel").text(), HasSubstr("Nothing was deleted"));
  speak("ja");
  const shown asked =
      use("purge", {{"count", 3}, {"user", member}, {"contains", "spam"}, {"reason", "掃除"}});
  EXPECT_THAT(asked.text(), HasSubstr("3件を削除します"));
  EXPECT_EQ(count("spam"), 5);
  crash();
  EXPECT_THAT(press(asked, "delete").text(), HasSubstr("3件を削除しました"));
  EXPECT_EQ(count("spam"), 2);
  EXPECT_EQ(count("useful"), 1);
  EXPECT_TRUE(shows("Case #1: purge", log));
  EXPECT_THAT(told("purge", {{"count", 10}, {"contains", "no such text"}}),
              HasSubstr("該当するメッセージはありません"));
}

TEST_F(moderation, messages_older_than_14_days_go_one_by_one_also_through_a_restart) {
  for (int i = 0; i < 12; ++i)
    (void)act("message",
              {{"content", "ancient"}, {"guild", guild()}, {"channel", channel()}, {"days_old", 20}});
  (void)say("ancient but young");
  const shown asked = use("purge", {{"count", 100}, {"contains", "ancient"}});
  EXPECT_THAT(asked.text(), HasSubstr("Older than 14 days: 12 messages."));
  EXPECT_THAT(press(asked, "delete").text(), HasSubstr("deleting 12 messages older than 14 days one by one"));
  restart();
  EXPECT_TRUE(eventually(patience, [&] { return count("ancient") == 0; }));
}

TEST_F(moderation, a_slow_lookup_does_not_miss_the_answer_of_three_seconds) {
  (void)say("spam");
  discord.fault(
      {{"kind", "latency"}, {"count", 1}, {"delay", 4'000}, {"method", "GET"}, {"route", "/messages"}});
  const shown asked(act("command", {{"bot", "bot1"},
                                    {"name", "purge"},
                                    {"options", {{"count", 5}}},
                                    {"guild", guild()},
                                    {"channel", channel()},
                                    {"user", acting()},
                                    {"wait", 10'000}}));
  EXPECT_THAT(asked.text(), HasSubstr("would delete"));
  EXPECT_LT(number_of(asked.status(), "ack_ms"), 3'000);
}

TEST_F(moderation, a_permission_that_the_bot_lacks_is_told_and_reported_once) {
  EXPECT_THAT(told("config error-channel", {{"channel", log}}), HasSubstr("Saved."));
  (void)say("stays");
  for (const json::value& each : roles()) {
    if (!each.at("managed").as_bool()) continue;
    (void)as_bot("PUT",
                 fmt::format("/channels/{}/permissions/{}", channel(), each.at("id").as_string().c_str()),
                 {{"type", 0}, {"deny", "8192"}});
  }
  EXPECT_THAT(told("purge", {{"count", 5}}), HasSubstr("The bot lacks a permission: Manage Messages"));
  EXPECT_THAT(told("purge", {{"count", 5}}), HasSubstr("The bot lacks a permission: Manage Messages"));
  EXPECT_TRUE(shows("Missing: Manage Messages", log) || count("Manage Messages", log) > 0);
  EXPECT_EQ(count("Manage Messages", log), 1);
  EXPECT_EQ(count("stays"), 1);
}

// A thousand bans that end within a minute, and a process that is killed three times meanwhile.
class moderation_at_length : public feature_scenario {
 protected:
  moderation_at_length()
      : feature_scenario("moderation",
                         {.bucket_limits = false, .global_limit = false, .messages_kept = 5'000}) {}
};

TEST_F(moderation_at_length, a_thousand_ban_ends_come_once_each_though_the_process_is_killed) {
  constexpr int bans = 1'000;
  const auto rest_count = [&](const std::string& status) {
    const json::object routes = discord.report().at("rest").at("by_route").as_object();
    const json::value* found = routes.if_contains("DELETE /guilds/{guild.id}/bans/{user.id}");
    return found == nullptr ? 0 : number_of(found->as_object(), status);
  };
  EXPECT_THAT(use("moderation notify", {{"enabled", false}}).text(), HasSubstr("Saved."));
  EXPECT_THAT(use("moderation log", {{"channel", channel()}}).text(), HasSubstr("Saved."));
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < bans; ++i) {
    // All of them end from the ninetieth second on, within a minute.
    const auto passed = std::chrono::steady_clock::now() - begin;
    const auto left = std::chrono::seconds(90 + i * 55 / bans) - passed;
    const auto lasts = std::chrono::ceil<std::chrono::seconds>(left).count();
    ASSERT_GT(lasts, 0) << "this machine is too slow";
    ASSERT_THAT(
        use("ban", {{"user", join(fmt::format("b{}", i))}, {"duration", fmt::format("{}s", lasts)}}).text(),
        HasSubstr("is banned until"));
  }
  for (const int ended : {bans / 5, bans / 2, bans * 3 / 4}) {
    EXPECT_TRUE(eventually(5min, [&] { return rest_count("204") >= ended; }));
    crash();
  }
  EXPECT_TRUE(eventually(5min, [&] { return rest_count("204") == bans; }));
  const auto told = [&] {
    int out = 0;
    for (const json::value& each : discord.messages_of_first_channel())
      out += text_of(each.as_object(), "id").empty() ? 0 : 1;
    return out;
  };
  EXPECT_TRUE(eventually(5min, [&] { return told() == 2 * bans; }));  // each ban, and its end
  EXPECT_EQ(as_bot("GET", fmt::format("/guilds/{}/bans?limit=1000", guild())).as_array().size(), 0U);
  EXPECT_THAT(use("case list").text(), HasSubstr(fmt::format("**#{}**", 2 * bans)));
}

}  // namespace
}  // namespace guildfleet::integration
