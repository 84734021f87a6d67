// Temporary voice channels as members use them.
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/feature_scenario.hpp"

namespace guildfleet::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* make_route = "POST /guilds/{guild.id}/channels";
constexpr const char* move_route = "PATCH /guilds/{guild.id}/members/{user.id}";

class temp_voice : public feature_scenario {
 protected:
  temp_voice() : feature_scenario("temp-voice", {.bucket_limits = false, .global_limit = false}) {}

  // Until its row is written; the channel comes a second or so later.
  void enter_while_channels_are_slow(const std::string& member) {
    discord.fault({{"kind", "latency"},
                   {"delay", 1'500},
                   {"count", 1},
                   {"method", "POST"},
                   {"route", "/guilds/{guild.id}/channels"}});
    enter_voice(member, trigger);
    EXPECT_TRUE(eventually(patience,
                           [&] { return use("temp-voice list").text().contains("Channels now: 1 of 100"); }));
  }
  // A new process has read it before the first event.
  void switch_on() {
    set("temp-voice", {{"triggers", json::array{trigger}}, {"grace", 5}});
    restart();
  }
  [[nodiscard]] std::vector<std::string> rooms() const {
    std::vector<std::string> out;
    for (const json::value& each : channels()) {
      if (text_of(each.as_object(), "name").starts_with("🔊 "))
        out.push_back(text_of(each.as_object(), "id"));
    }
    return out;
  }
  // A new member who joins the trigger and is moved; where to.
  std::string open_for(const std::string& user) {
    enter_voice(user, trigger);
    EXPECT_TRUE(eventually(patience, [&] { return voice_channel_of(user) != trigger; }));
    return voice_channel_of(user);
  }
  // The message with the buttons.
  [[nodiscard]] shown panel_in(const std::string& room) const {
    EXPECT_TRUE(shows("custom_id", room));
    const json::array all = messages(room);
    return all.empty() ? shown() : shown(json::object{{"reply", all.front()}});
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
  [[nodiscard]] json::object described(const std::string& room) const {
    return as_bot("GET", "/channels/" + room).as_object();
  }
  // What the overwrite of a role or member denies; 0: there is none.
  [[nodiscard]] std::uint64_t denied(const std::string& room, const std::string& whom) const {
    const json::object channel = described(room);
    for (const json::value& each : channel.at("permission_overwrites").as_array()) {
      if (text_of(each.as_object(), "id") == whom) return std::stoull(text_of(each.as_object(), "deny"));
    }
    return 0;
  }

  static constexpr std::uint64_t view = 1U << 10U;
  static constexpr std::uint64_t connect = 1U << 20U;
  std::string trigger = first_voice_channel();
};

TEST_F(temp_voice, is_made_for_who_joins_and_deleted_when_it_is_empty) {
  switch_on();
  const std::string mika = join("mika");
  const std::string room = open_for(mika);
  EXPECT_EQ(text_of(described(room), "name"), "🔊 mika");
  EXPECT_TRUE(shows("Controls of this channel", room));
  leave_voice(mika);
  EXPECT_TRUE(eventually(patience, [&] { return rooms().empty(); }));
  EXPECT_TRUE(
      eventually(patience, [&] { return use("temp-voice list").text().contains("Channels now: 0 of 100"); }));
}

// The defect: what a command had set was in force a moment after its answer only.
TEST_F(temp_voice, is_made_for_the_first_who_joins_after_the_answer) {
  EXPECT_THAT(use("temp-voice add", {{"channel", trigger}}).text(), HasSubstr("from now on"));
  EXPECT_NE(open_for(join("early")), trigger);
}

TEST_F(temp_voice, two_quick_joins_make_one_channel) {
  switch_on();
  const std::string mika = join("mika");
  enter_voice(mika, trigger);
  leave_voice(mika);
  enter_voice(mika, trigger);
  EXPECT_TRUE(eventually(patience, [&] { return voice_channel_of(mika) != trigger; }));
  const std::string room = voice_channel_of(mika);
  enter_voice(mika, trigger);
  EXPECT_TRUE(eventually(patience, [&] { return voice_channel_of(mika) == room; }))
      << "moved to the same again";
  EXPECT_EQ(rooms().size(), 1U);
  EXPECT_EQ(requests(make_route), 1);
}

// The defect: a channel that the bot had made, and not heard of yet, counted as deleted.
TEST_F(temp_voice, a_second_join_makes_no_other_channel_while_the_event_of_the_first_is_on_its_way) {
  switch_on();
  const std::string mika = join("mika");
  discord.fault({{"kind", "events_late"},
                 {"count", 1},
                 {"delay", 5'000},
                 {"method", "POST"},
                 {"route", "/guilds/{guild.id}/channels"}});
  const std::string room = open_for(mika);
  enter_voice(mika, trigger);
  EXPECT_TRUE(eventually(patience, [&] { return voice_channel_of(mika) != trigger; }));
  EXPECT_EQ(voice_channel_of(mika), room);
  EXPECT_EQ(requests(make_route), 1);
}

// The process dies when the row is written and the channel is not there yet.
TEST_F(temp_voice, a_kill_while_it_is_made_leaves_one_channel) {
  switch_on();
  const std::string mika = join("mika");
  enter_while_channels_are_slow(mika);
  EXPECT_EQ(voice_channel_of(mika), trigger) << "killed too late to show anything";
  crash();
  EXPECT_TRUE(eventually(patience, [&] { return voice_channel_of(mika) != trigger; }));
  EXPECT_EQ(rooms().size(), 1U);
  EXPECT_THAT(use("temp-voice list").text(), HasSubstr("Channels now: 1 of 100"));
}

class temp_voice_at_length : public temp_voice {};

// The same, and the member has left by the time that there is a process again: the timer that was set with
// the row looks after a minute.
TEST_F(temp_voice_at_length, a_kill_while_it_is_made_leaves_nothing_for_who_has_left) {
  switch_on();
  const std::string mika = join("mika");
  enter_while_channels_are_slow(mika);
  bot->kill();
  leave_voice(mika);
  start();
  EXPECT_TRUE(eventually(2 * patience,
                         [&] { return use("temp-voice list").text().contains("Channels now: 0 of 100"); }));
  EXPECT_TRUE(rooms().empty());
}

TEST_F(temp_voice, is_deleted_when_it_was_left_while_nobody_ran) {
  switch_on();
  const std::string mika = join("mika");
  (void)open_for(mika);
  crash();
  EXPECT_EQ(rooms().size(), 1U);
  stop();
  leave_voice(mika);
  start();
  EXPECT_TRUE(eventually(patience, [&] { return rooms().empty(); }));
}

TEST_F(temp_voice, is_its_owners_to_rename_limit_lock_and_hide) {
  switch_on();
  const std::string mika = join("mika");
  const std::string room = open_for(mika);
  const shown panel = panel_in(room);
  as(join("stranger"));
  EXPECT_THAT(press(panel, "lock").text(), HasSubstr("Only <@" + mika + ">"));
  as(mika);
  EXPECT_THAT(submit(press(panel, "limit"), {{"value", "no"}}).text(), HasSubstr("from 0 to 99"));
  EXPECT_THAT(submit(press(panel, "limit"), {{"value", "5"}}).text(), HasSubstr("At most 5"));
  EXPECT_EQ(number_of(described(room), "user_limit"), 5);
  EXPECT_THAT(press(panel, "lock").text(), HasSubstr("Locked"));
  EXPECT_NE(denied(room, guild()) & connect, 0U);
  restart();
  EXPECT_THAT(press(panel, "hide").text(), HasSubstr("Hidden"));
  EXPECT_NE(denied(room, guild()) & view, 0U);
  EXPECT_THAT(press(panel, "lock").text(), HasSubstr("Unlocked"));
  EXPECT_THAT(press(panel, "hide").text(), HasSubstr("Everybody sees"));
  EXPECT_EQ(denied(room, guild()) & (view | connect), 0U);
}

TEST_F(temp_voice, who_may_move_members_is_not_kicked_by_an_owner) {
  switch_on();
  const std::string mika = join("mika");
  const std::string moderator = join("moderator");
  const json::value role = as_bot("POST", fmt::format("/guilds/{}/roles", guild()),
                                  {{"name", "moderators"}, {"permissions", "16777216"}});
  (void)as_bot("PUT", fmt::format("/guilds/{}/members/{}/roles/{}", guild(), moderator,
                                  text_of(role.as_object(), "id")));
  const std::string room = open_for(mika);
  const shown panel = panel_in(room);
  enter_voice(moderator, room);
  as(mika);
  EXPECT_TRUE(eventually(patience, [&] {
    return choose(press(panel, "kick"), "kick-whom", {moderator})
        .text()
        .contains("looks after voice channels");
  }));
  EXPECT_EQ(voice_channel_of(moderator), room);
  EXPECT_EQ(denied(room, moderator), 0U);
}

// Discord's limit, which no header shows.
TEST_F(temp_voice, the_third_rename_in_ten_minutes_is_told_and_not_tried) {
  switch_on();
  const std::string mika = join("mika");
  const std::string room = open_for(mika);
  const shown panel = panel_in(room);
  as(mika);
  for (const char* name : {"one", "two"})
    EXPECT_THAT(submit(press(panel, "rename"), {{"value", name}}).text(), HasSubstr("is called"));
  restart();
  speak("ja");
  EXPECT_THAT(submit(press(panel, "rename"), {{"value", "three"}}).text(),
              AllOf(HasSubstr("10分間に2回まで"), HasSubstr("<t:")));
  EXPECT_EQ(text_of(described(room), "name"), "two");
}

TEST_F(temp_voice, members_are_kicked_and_rooms_transferred) {
  switch_on();
  const std::string mika = join("mika");
  const std::string rin = join("rin");
  const std::string sora = join("sora");
  const std::string room = open_for(mika);
  const shown panel = panel_in(room);
  enter_voice(rin, room);
  enter_voice(sora, room);
  as(mika);
  const shown whom = press(panel, "kick");
  EXPECT_THAT(choose(whom, "kick-whom", {mika}).text(), HasSubstr("somebody else"));
  EXPECT_TRUE(eventually(patience, [&] {
    return choose(press(panel, "kick"), "kick-whom", {rin}).text().contains("was kicked");
  }));
  EXPECT_NE(denied(room, rin) & connect, 0U);
  EXPECT_TRUE(eventually(patience, [&] {
    return choose(press(panel, "transfer"), "transfer-to", {rin}).text().contains("is not in the channel");
  }));
  EXPECT_THAT(choose(press(panel, "transfer"), "transfer-to", {sora}).text(), HasSubstr("belongs to"));
  EXPECT_THAT(press(panel, "lock").text(), HasSubstr("Only <@" + sora + ">"));
  as(sora);
  speak("ja");
  EXPECT_THAT(use("voice").text(), HasSubstr("操作パネル"));
  EXPECT_THAT(press(panel, "lock").text(), HasSubstr("ロックしました"));
}

TEST_F(temp_voice, a_channel_deleted_by_hand_is_noticed) {
  switch_on();
  const std::string mika = join("mika");
  const std::string room = open_for(mika);
  (void)as_bot("DELETE", "/channels/" + room);
  EXPECT_TRUE(
      eventually(patience, [&] { return use("temp-voice list").text().contains("Channels now: 0 of 100"); }));
  EXPECT_NE(open_for(mika), room);
}

TEST_F(temp_voice, a_full_category_is_reported_once_in_the_servers_language) {
  (void)use("config error-channel", {{"channel", channel()}});
  (void)use("config language", {{"value", "ja"}});
  const json::value category =
      as_bot("POST", "/guilds/" + guild() + "/channels", {{"name", "full"}, {"type", 4}});
  const std::string parent = text_of(category.as_object(), "id");
  for (int i = 0; i < 50; ++i) {
    (void)as_bot("POST", "/guilds/" + guild() + "/channels",
                 {{"name", fmt::format("c{}", i)}, {"type", 0}, {"parent_id", parent}});
  }
  set("temp-voice", {{"triggers", json::array{trigger}}, {"category", parent}});
  restart();
  for (const char* name : {"mika", "rin"}) enter_voice(join(name), trigger);
  EXPECT_TRUE(shows("カテゴリーのチャンネル数が"));
  EXPECT_TRUE(eventually(patience, [&] {
    return bot->metric(R"(guildfleet_bot_guild_reports_total{bot="bot1",outcome="told_before"})") > 0;
  }));
  EXPECT_EQ(count("カテゴリーのチャンネル数が"), 1);
  EXPECT_TRUE(rooms().empty());
}

TEST_F(temp_voice, an_outage_wipes_nothing) {
  switch_on();
  const std::string mika = join("mika");
  const std::string room = open_for(mika);
  const shown panel = panel_in(room);
  discord.fault({{"kind", "outage_begin"}, {"guild", guild()}});
  restart();
  discord.fault({{"kind", "outage_end"}, {"guild", guild()}});
  as(mika);
  EXPECT_THAT(press(panel, "lock").text(), HasSubstr("Locked"));
  EXPECT_THAT(use("voice").text(), HasSubstr("Controls of this channel"));
  EXPECT_EQ(rooms().size(), 1U);
}

TEST_F(temp_voice, is_set_up_with_commands_in_japanese_too) {
  speak("ja");
  EXPECT_THAT(use("voice").text(), HasSubstr("設定されていません"));
  EXPECT_THAT(use("temp-voice add", {{"channel", trigger}}).text(),
              HasSubstr("専用のチャンネルが作られます"));
  EXPECT_THAT(use("temp-voice list").text(), HasSubstr("<#" + trigger + ">"));
  EXPECT_THAT(use("voice").text(), HasSubstr("<#" + trigger + ">"));
  EXPECT_THAT(use("temp-voice remove", {{"channel", "12345"}}).text(), HasSubstr("追加されていません"));
  EXPECT_THAT(use("temp-voice remove", {{"channel", trigger}}).text(), HasSubstr("作られなくなります"));
  EXPECT_THAT(use("temp-voice list").text(), Not(HasSubstr("<#" + trigger + ">")));
}

// The defect: of two edits at once one is lost.
TEST_F(temp_voice, channels_added_at_once_are_all_added_and_completed_when_one_is_removed) {
  std::vector<std::string> voice;
  for (const json::value& each : channels()) {
    if (number_of(each.as_object(), "type") == 2) voice.push_back(text_of(each.as_object(), "id"));
  }
  ASSERT_GE(voice.size(), 2U);
  (void)use("temp-voice list");
  const json::object call{
      {"bot", "bot1"}, {"name", "temp-voice add"}, {"guild", guild()}, {"user", acting()}};
  for (const std::string& each : voice) {
    json::object one = call;
    one["options"] = json::object{{"channel", each}};
    (void)act("command", std::move(one));
  }
  EXPECT_TRUE(eventually(patience, [&] {
    const std::string listed = use("temp-voice list").text();
    return std::ranges::all_of(voice,
                               [&](const std::string& each) { return listed.contains("<#" + each + ">"); });
  }));
  json::object typed = call;
  typed["name"] = "temp-voice remove";
  typed["options"] = json::object{{"channel", ""}};
  typed["focused"] = "channel";
  typed["wait"] = 5'000;
  const std::string choices = shown(act("command", std::move(typed))).text();
  for (const std::string& each : voice) EXPECT_THAT(choices, HasSubstr(each));
}

TEST_F(temp_voice, costs_nothing_where_it_is_not_used) {
  (void)use("temp-voice list");
  const std::string mika = join("mika");
  for (int i = 0; i < 10; ++i) {
    enter_voice(mika, trigger);
    leave_voice(mika);
  }
  (void)use("temp-voice list");
  EXPECT_EQ(requests(make_route) + requests(move_route), 0);
}

}  // namespace
}  // namespace guildfleet::integration
