// Moderation when Discord refuses, and when a process dies over what it does.
#include <gtest/gtest.h>

#include "integration/moderation_scenario.hpp"

namespace guildfleet::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class moderation_crashes : public moderation_scenario {
 protected:
  // Discord refuses the next request of this kind, or answers it late: it has done it, but nobody knows.
  void refuse(const std::string& method, const std::string& route) const {
    discord.fault(
        {{"kind", "server_error"}, {"status", 403}, {"count", 1}, {"method", method}, {"route", route}});
  }
  void answer_late(const std::string& method, const std::string& route) const {
    discord.fault(
        {{"kind", "latency"}, {"delay", 60'000}, {"count", 1}, {"method", method}, {"route", route}});
  }
  // A command whose end nobody waits for.
  void begin(const std::string& command, json::object options) {
    (void)act("command", {{"bot", "bot1"},
                          {"name", command},
                          {"options", std::move(options)},
                          {"guild", guild()},
                          {"channel", channel()},
                          {"user", acting()}});
  }
  // The channel of the bot's direct messages to them.
  [[nodiscard]] std::string told_privately(const std::string& user) const {
    return text_of(as_bot("POST", "/users/@me/channels", {{"recipient_id", user}}).as_object(), "id");
  }
};

// The defect: what was refused came again, and lifted the ban that had come meanwhile.
TEST_F(moderation_crashes, what_was_answered_is_over) {
  const std::string member = join("somebody");
  EXPECT_THAT(told("unban", {{"user", member}}), HasSubstr("is not banned"));
  EXPECT_THAT(told("ban", {{"user", member}, {"reason", "for good"}}), HasSubstr("is banned"));
  crash();
  restart();  // which ends what came again
  EXPECT_THAT(told("case list"), AllOf(HasSubstr("**#1**"), Not(HasSubstr("**#2**"))));
  EXPECT_EQ(as_bot("GET", fmt::format("/guilds/{}/bans", guild())).as_array().size(), 1U);
}

// A process may have died between the two, or another bot have begun the bans.
TEST_F(moderation_crashes, noted_bans_end_though_their_timers_are_missing_or_another_bots) {
  const std::string own = join("own");
  const std::string of_another = join("of another");
  for (const std::string& each : {own, of_another})
    EXPECT_THAT(told("ban", {{"user", each}, {"duration", "5s"}}), HasSubstr("is banned until"));
  stop();
  {
    const auto data = open_data();
    store::record_space space{{}, {}, "moderation"};
    for (const store::job_row& each : data->list_jobs({}).value()) {
      if (!each.plan.kind.starts_with("moderation/")) continue;
      space.environment = each.plan.key.environment;
      EXPECT_TRUE(data->cancel_job(each.plan.key).value());
    }
    const store::record_key key{{std::stoull(guild())}, "ban", of_another};
    const store::record row = data->read_record(space, key).value().value();
    std::string value = row.value;
    ASSERT_TRUE(value.contains("bot1"));
    value.replace(value.find("bot1"), 4, "bot2");
    const std::array change{store::record_change{key, row.version, value, row.sort}};
    ASSERT_TRUE(data->change_records(space, change));
  }
  start();
  EXPECT_TRUE(comes_back(own));
  EXPECT_TRUE(comes_back(of_another));
  EXPECT_TRUE(eventually(patience, [&] { return count("end of a ban", log) == 2; }));
}

TEST_F(moderation_crashes, what_discord_refuses_leaves_the_former_end_and_no_case) {
  const std::string banned = join("banned");
  EXPECT_THAT(told("ban", {{"user", banned}, {"duration", "6s"}}), HasSubstr("Case #1"));
  refuse("PUT", "/bans");
  EXPECT_THAT(told("ban", {{"user", banned}, {"duration", "30d"}}), HasSubstr("Discord refused it"));
  refuse("DELETE", "/bans");
  EXPECT_THAT(told("unban", {{"user", banned}}), HasSubstr("Discord refused it"));
  EXPECT_TRUE(comes_back(banned));
  EXPECT_THAT(told("case list", {{"user", banned}}), AllOf(HasSubstr("**#1**"), Not(HasSubstr("**#2**"))));
}

TEST_F(moderation_crashes, a_ban_whose_process_dies_over_it_ends_and_has_one_case) {
  const std::string banned = join("banned");
  answer_late("PUT", "/bans");
  begin("ban", {{"user", banned}, {"duration", "10s"}});
  EXPECT_TRUE(eventually(patience, [&] { return is_banned(banned); }));
  crash();
  EXPECT_TRUE(shows("Case #1: ban", log));
  EXPECT_TRUE(comes_back(banned));
  EXPECT_TRUE(shows("Case #2: end of a ban", log));
  EXPECT_THAT(told("warn", {{"member", member}, {"reason", "x"}}), HasSubstr("Case #3"));
  EXPECT_EQ(count("end of a ban", log), 1);
  EXPECT_EQ(count("banned from", told_privately(banned)), 1);
}

TEST_F(moderation_crashes, what_cannot_be_done_twice_has_its_case_though_the_process_died_over_it) {
  answer_late("DELETE", "/members");
  begin("kick", {{"member", member}});
  ASSERT_TRUE(eventually(patience, [&] {
    return !json::serialize(as_bot("GET", fmt::format("/guilds/{}/members?limit=1000", guild())))
                .contains(member);
  }));
  crash();
  EXPECT_TRUE(shows("Case #1: kick", log));
  EXPECT_THAT(told("ban", {{"user", member}}), HasSubstr("Case #2"));
  answer_late("DELETE", "/bans");
  begin("unban", {{"user", member}});
  EXPECT_TRUE(comes_back(member));
  crash();
  EXPECT_TRUE(shows("Case #3: unban", log));
}

TEST_F(moderation_crashes, a_member_is_told_once_also_when_the_process_dies_over_it) {
  answer_late("POST", "/messages");
  begin("warn", {{"member", member}, {"reason", "be kind"}});
  const std::string told_there = told_privately(member);
  EXPECT_TRUE(shows("be kind", told_there));
  crash();
  EXPECT_TRUE(shows("Case #1: warning", log));
  EXPECT_EQ(count("be kind", told_there), 1);
  EXPECT_THAT(told("warn", {{"member", member}, {"reason", "x"}}), HasSubstr("Case #2"));
}

TEST_F(moderation_crashes, a_member_is_not_told_of_a_timeout_that_discord_refuses) {
  refuse("PATCH", "/members");
  EXPECT_THAT(told("timeout", {{"member", member}, {"duration", "10m"}}), HasSubstr("Discord refused it"));
  EXPECT_EQ(count("timed out", told_privately(member)), 0);
  EXPECT_THAT(told("timeout", {{"member", member}, {"duration", "10m"}}), HasSubstr("is timed out"));
  EXPECT_EQ(count("timed out", told_privately(member)), 1);
}

TEST_F(moderation_crashes, a_purge_whose_process_dies_over_it_goes_on_as_one_case) {
  for (int i = 0; i < 3; ++i)
    (void)act("message", {{"content", "spam"}, {"guild", guild()}, {"channel", channel()}, {"days_old", 20}});
  for (int i = 0; i < 3; ++i) (void)say("spam");
  (void)say("useful");
  const shown asked = use("purge", {{"count", 100}, {"contains", "spam"}});
  EXPECT_THAT(asked.text(), HasSubstr("would delete 6 messages"));
  answer_late("POST", "/bulk-delete");
  (void)act("button",
            {{"message", asked.message()}, {"custom_id", asked.custom_id("delete")}, {"user", acting()}});
  EXPECT_TRUE(eventually(patience, [&] { return count("spam") <= 3; }));
  crash();
  EXPECT_TRUE(eventually(patience, [&] { return count("spam") == 0; }));
  EXPECT_TRUE(shows("Case #1: purge", log));
  EXPECT_EQ(count("useful"), 1);
  EXPECT_THAT(told("warn", {{"member", member}, {"reason", "x"}}), HasSubstr("Case #2"));
  EXPECT_EQ(count("Case #1: purge", log), 1);
}

}  // namespace
}  // namespace guildfleet::integration
