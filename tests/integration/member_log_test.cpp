// The member log as a server's managers set it up and read it, and what a raid of joins costs.
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iostream>
#include <set>

#include "integration/feature_scenario.hpp"

namespace guildfleet::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* invites_route = "GET /guilds/{guild.id}/invites";
constexpr const char* post_route = "POST /channels/{channel.id}/messages";

class member_log : public feature_scenario {
 protected:
  // Without limits, as the tests look at messages with the bot's own token.
  explicit member_log(const discord_plan& plan = {.bucket_limits = false, .global_limit = false})
      : feature_scenario("member-log", plan) {}

  // And waits until the invites were counted, which comes after it is on.
  void switch_on() {
    EXPECT_THAT(use("member-log channel", {{"channel", channel()}}).text(), HasSubstr("from now on"));
    ASSERT_TRUE(eventually(patience, [&] { return requests(invites_route) > 0; }));
  }
  [[nodiscard]] std::int64_t requests(const std::string& route) const {
    const json::object report = discord.report();
    const json::object& routes = report.at("rest").as_object().at("by_route").as_object();
    const json::value* counts = routes.if_contains(route);
    std::int64_t all = 0;
    if (counts == nullptr) return all;
    for (const auto& [status, count] : counts->as_object()) all += count.to_number<std::int64_t>();
    return all;
  }
  [[nodiscard]] std::int64_t limited() const {
    const json::object report = discord.report();
    const json::object& rest = report.at("rest").as_object();
    return number_of(rest, "rate_limited") + number_of(rest, "while_limited");
  }
  [[nodiscard]] std::string make_invite(json::object wanted = {{"max_age", 0}}) const {
    return text_of(as_bot("POST", "/channels/" + channel() + "/invites", wanted).as_object(), "code");
  }
  std::string join_by(const std::string& invite, const std::string& name) {
    return text_of(act("join", {{"guild", guild()}, {"name", name}, {"invite", invite}}), "id");
  }
  void leave(const std::string& user) { (void)act("leave", {{"guild", guild()}, {"user", user}}); }
  [[nodiscard]] std::string whole_log() const { return json::serialize(messages()); }
};

TEST_F(member_log, has_the_first_who_joins_after_the_answer) {
  EXPECT_THAT(use("member-log channel", {{"channel", channel()}}).text(), HasSubstr("from now on"));
  EXPECT_TRUE(shows(join("early")));
}

TEST_F(member_log, tells_of_joins_and_leaves) {
  const std::string invite = make_invite();
  switch_on();
  const std::string mika = join_by(invite, "mika");
  ASSERT_TRUE(shows("(mika) joined."));
  EXPECT_THAT(whole_log(), AllOf(HasSubstr("`" + invite + "`"), HasSubstr("(1 use)"),
                                 HasSubstr("Young account"), HasSubstr("<@" + mika + ">")));
  restart();
  leave(mika);
  ASSERT_TRUE(shows("(mika) left."));
  EXPECT_THAT(whole_log(), AllOf(HasSubstr("Was a member for"), Not(HasSubstr("before the log began"))));
}

TEST_F(member_log, speaks_the_servers_language) {
  speak("ja");
  (void)use("config language", {{"value", "ja"}});
  EXPECT_THAT(use("member-log status").text(), HasSubstr("記録していません"));
  EXPECT_THAT(use("member-log channel", {{"channel", channel()}}).text(), HasSubstr("に投稿します。"));
  ASSERT_TRUE(eventually(patience, [&] { return requests(invites_route) > 0; }));
  leave(join("mika"));
  ASSERT_TRUE(shows("(mika) が参加しました。"));
  ASSERT_TRUE(shows("(mika) が退出しました。"));
  EXPECT_THAT(use("member-log preview").text(), HasSubstr("が参加しました。"));
  EXPECT_THAT(use("member-log off").text(), HasSubstr("停止しました"));
}

TEST_F(member_log, knows_an_invite_by_its_last_use) {
  const std::string once = make_invite({{"max_uses", 1}, {"max_age", 0}});
  switch_on();
  (void)join_by(once, "mika");
  EXPECT_TRUE(shows("`" + once + "` by"));
}

// Processes that die between a join and its message, and between a message and the note of it.
TEST_F(member_log, logs_each_join_once_over_kills) {
  switch_on();
  std::vector<std::string> names;
  const auto more = [&](int count) {
    for (int i = 0; i < count; ++i) (void)join(names.emplace_back(fmt::format("guest{}x", names.size())));
  };
  more(30);
  crash();
  more(60);
  ASSERT_TRUE(shows(names.front())) << "a first batch";
  crash();
  more(3);
  crash();
  restart();
  for (const std::string& name : names) {
    ASSERT_TRUE(shows(name)) << name;
    const std::string log = whole_log();
    EXPECT_EQ(log.find(name), log.rfind(name)) << name << " is logged twice";
  }
}

TEST_F(member_log, who_leaves_and_comes_back_is_logged_each_time_and_once_over_kills) {
  switch_on();
  const std::string mika = join("mika");
  ASSERT_TRUE(shows("(mika) joined."));
  leave(mika);
  (void)act("join", {{"guild", guild()}, {"user", mika}, {"name", "mika"}});
  crash();
  crash();
  ASSERT_TRUE(eventually(patience, [&] { return count("(mika) joined.") == 2; }));
  (void)join("last");
  ASSERT_TRUE(shows("(last) joined."));
  EXPECT_EQ(count("(mika) joined."), 2);
  EXPECT_EQ(count("(mika) left."), 1);
}

TEST_F(member_log, has_own_texts_that_mention_nobody) {
  switch_on();
  const shown form = use("member-log texts");
  ASSERT_TRUE(form.is_form());
  EXPECT_THAT(submit(form, {{"join", "@everyone {user} {name} {nmae}"}, {"leave", ""}}).text(),
              AllOf(HasSubstr("Saved."), HasSubstr("`{nmae}`")));
  const auto filled_in = [&] {
    (void)join("@here <@&5>");
    return shows("{nmae}");
  };
  ASSERT_TRUE(filled_in());
  for (const json::value& each : messages()) {
    const json::object& message = each.as_object();
    if (!text_of(message, "content").contains("{nmae}")) continue;
    EXPECT_THAT(text_of(message, "content"), HasSubstr("\\@here \\<\\@\\&5\\>"));
    EXPECT_FALSE(message.at("mention_everyone").as_bool());
    EXPECT_TRUE(message.at("mentions").as_array().empty());
    EXPECT_TRUE(message.at("mention_roles").as_array().empty());
  }
}

// Two managers write at once: the second one is told, and keeps what was written.
TEST_F(member_log, texts_of_another_manager_are_not_overwritten) {
  const shown first = use("member-log texts");
  const shown second = use("member-log texts");
  EXPECT_THAT(submit(first, {{"join", "from the first"}, {"leave", ""}}).text(), HasSubstr("Saved."));
  EXPECT_THAT(submit(second, {{"join", "from the second"}, {"leave", ""}}).text(),
              AllOf(HasSubstr("somebody changed these texts"), HasSubstr("from the second")));
  EXPECT_THAT(use("member-log status").text(), HasSubstr("from the first"));
}

TEST_F(member_log, an_outage_wipes_nothing) {
  switch_on();
  const std::string mika = join("mika");
  ASSERT_TRUE(shows("(mika) joined."));
  discord.fault({{"kind", "outage_begin"}, {"guild", guild()}});
  restart();
  discord.fault({{"kind", "outage_end"}, {"guild", guild()}});
  EXPECT_THAT(use("member-log status").text(), HasSubstr("<#" + channel() + ">"));
  leave(mika);
  ASSERT_TRUE(shows("(mika) left."));
  EXPECT_THAT(whole_log(), Not(HasSubstr("before the log began")));
}

TEST_F(member_log, a_channel_that_is_gone_is_reported_once) {
  const std::string doomed = text_of(
      as_bot("POST", "/guilds/" + guild() + "/channels", {{"name", "doomed"}, {"type", 0}}).as_object(),
      "id");
  (void)use("config error-channel", {{"channel", channel()}});
  EXPECT_THAT(use("member-log channel", {{"channel", doomed}}).text(), HasSubstr("from now on"));
  ASSERT_TRUE(eventually(patience, [&] { return requests(invites_route) > 0; }));
  (void)as_bot("DELETE", "/channels/" + doomed);
  (void)join("mika");
  EXPECT_TRUE(shows("was deleted"));
  (void)join("rin");
  EXPECT_TRUE(eventually(patience, [&] {
    return bot->metric(R"(guildfleet_bot_guild_reports_total{bot="bot1",outcome="told_before"})") > 0;
  }));
  EXPECT_EQ(count("was deleted"), 1);
}

TEST_F(member_log, a_permission_that_is_missing_is_told_and_reported) {
  const std::string log = text_of(
      as_bot("POST", "/guilds/" + guild() + "/channels", {{"name", "log"}, {"type", 0}}).as_object(), "id");
  (void)use("config error-channel", {{"channel", channel()}});
  EXPECT_THAT(use("member-log channel", {{"channel", log}}).text(), HasSubstr("from now on"));
  ASSERT_TRUE(eventually(patience, [&] { return requests(invites_route) > 0; }));
  const std::string self = text_of(as_bot("GET", "/users/@me").as_object(), "id");
  (void)as_bot("PUT", fmt::format("/channels/{}/permissions/{}", log, self), {{"type", 1}, {"deny", "2048"}});
  (void)join("mika");
  EXPECT_TRUE(shows("Missing: Send Messages"));
  EXPECT_THAT(use("member-log status").text(), HasSubstr("It lacks there: Send Messages"));
  speak("ja");
  EXPECT_THAT(use("member-log channel", {{"channel", log}}).text(), HasSubstr("不足している権限"));
  EXPECT_EQ(requests(post_route), 1) << "the report; the log was not tried";
}

// Whatever was begun for these joins is posted before the last one is.
TEST_F(member_log, costs_nothing_where_it_is_off) {
  leave(join("mika"));
  for (int i = 0; i < 20; ++i) (void)join(fmt::format("guest{}", i));
  (void)use("member-log status");
  const auto kept = open_data()->list_records({{}, {}, "member-log"},
                                              {.guilds = {{std::stoull(guild())}}, .kind = "member"});
  ASSERT_TRUE(kept);
  EXPECT_TRUE(kept->records.empty());
  EXPECT_EQ(timers(), 0U);
  EXPECT_EQ(requests(invites_route), 0);
  switch_on();
  (void)join("late");
  ASSERT_TRUE(shows("(late) joined."));
  EXPECT_EQ(requests(post_route), 1);
  EXPECT_THAT(whole_log(), AllOf(Not(HasSubstr("guest")), Not(HasSubstr("mika"))));
  EXPECT_FALSE(
      open_data()
          ->list_records({{}, {}, "member-log"}, {.guilds = {{std::stoull(guild())}}, .kind = "member"})
          ->records.empty())
      << "this is where they would be";
}

class member_log_raid : public member_log {
 protected:
  member_log_raid() : member_log(discord_plan{}) {}

  // As the simulator has it, which is no request of the bot's.
  [[nodiscard]] std::string seen() const {
    return support::answer_to({.origin = fmt::format("http://127.0.0.1:{}", discord.port()),
                               .path = "/_sim/messages?channel=" + channel()})
        .body;
  }
};

// The defect: a request for the invites, and a message, for each of them.
TEST_F(member_log_raid, of_500_joins_in_10_seconds_is_batched_and_whole) {
  const std::string raid = make_invite();
  const std::string other = make_invite({{"max_age", 3600}});
  switch_on();
  const std::int64_t asked_before = requests(invites_route);
  const auto begun = std::chrono::steady_clock::now();
  std::set<std::string> members;
  for (int i = 0; i < 500; ++i)
    members.insert(join_by(i % 25 == 0 ? other : raid, fmt::format("raider{}", i)));
  const auto joined = std::chrono::steady_clock::now() - begun;
  const auto logged = [&] {
    const std::string log = seen();
    return std::ranges::count_if(members,
                                 [&](const std::string& each) { return log.contains("<@" + each + ">"); });
  };
  EXPECT_TRUE(eventually(patience, [&] { return logged() == 500; })) << logged();
  const auto took = std::chrono::steady_clock::now() - begun;
  const std::string all = seen();
  for (const std::string& each : members) {
    const std::size_t first = all.find("<@" + each + ">");
    ASSERT_NE(first, std::string::npos);
    EXPECT_EQ(all.find("<@" + each + ">", first + 1), std::string::npos) << "logged twice";
  }
  std::vector<std::size_t> places;  // ids grow with the joins
  for (const std::string& each : members) places.push_back(all.find("<@" + each + ">"));
  EXPECT_TRUE(std::ranges::is_sorted(places)) << "in the order in which they came";
  const std::int64_t asked = requests(invites_route) - asked_before;
  std::cout << "500 joins in " << std::chrono::duration_cast<std::chrono::milliseconds>(joined).count()
            << " ms: " << requests(post_route) << " messages, " << asked << " looks at the invites, "
            << limited() << " over a limit, all logged after "
            << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms\n";
  EXPECT_LE(asked, 3);
  EXPECT_LE(requests(post_route), 20);
  EXPECT_EQ(limited(), 0);
  EXPECT_THAT(all, AllOf(HasSubstr("`" + raid + "` × "), HasSubstr("`" + other + "` × ")));
}

}  // namespace
}  // namespace guildfleet::integration
