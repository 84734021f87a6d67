// Features whose server goes from one bot of the fleet to another: what stood and what was planned goes on,
// once.
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>

#include "features/registry.hpp"
#include "integration/hosted_fleet.hpp"
#include "integration/ticket_scenario.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::integration {
namespace {

class other_bot : public testing::Test, protected guild_members {
 protected:
  other_bot() : guild_members({.bots = {"bot1", "bot2"}, .bucket_limits = false, .global_limit = false}) {}

  [[nodiscard]] bot::bot_plan plan(const std::string& name, std::int32_t priority) const {
    std::vector<const features::feature_declaration*> all;
    for (const char* each : {"automod", "bump-reminder", "guild-config", "member-log", "moderation", "sticky",
                             "temp-voice", "ticket"})
      all.push_back(features::find_feature(each));
    bot::bot_plan out =
        plan_of(name, discord.token_of(name), discord.api_url(), folder.path(), std::move(all));
    out.sqlite_path = file();
    out.settings.priority = priority;
    out.settings.claims = {.refresh = 200ms, .down_limit = 1'500ms, .settle = 300ms};
    return out;
  }
  [[nodiscard]] std::string file() const { return (folder / "shared.sqlite").string(); }
  [[nodiscard]] std::unique_ptr<store::data_store> open_data() const {
    store::sqlite_settings at;
    at.path = file();
    at.node = {"test", 99};
    return std::move(store::open_sqlite_store(std::move(at), clock).value().data);
  }
  // Before a bot runs.
  void prepare(const std::string& feature, const json::object& values) const {
    const std::array change{
        store::settings_change{{{}, {std::stoull(guild())}, feature}, 0, json::serialize(values)}};
    ASSERT_TRUE(open_data()->change_settings(change, {"ann", store::change_origin::command}));
  }
  // bot1 acts from here on.
  void run_both() {
    fleet = host("one", {plan("bot1", 5), plan("bot2", 1)});
    ASSERT_TRUE(fleet->ready());
  }
  void remove_the_first() {
    (void)act("remove_bot", {{"guild", guild()}, {"bot", "bot1"}});
    to("bot2");
  }
  // Both stay.
  void prefer_the_second() {
    fleet.reset();
    fleet = host("one", {plan("bot1", 1), plan("bot2", 5)});
    ASSERT_TRUE(fleet->ready());
    to("bot2");
  }
  // Who posted what holds this text.
  [[nodiscard]] std::string author_of(const std::string& text, const std::string& where) const {
    for (const json::value& each : messages(where)) {
      if (json::serialize(each).contains(text)) return text_of(each.at("author").as_object(), "username");
    }
    return {};
  }

  base::scratch_folder folder;
  base::system_clock clock;
  std::unique_ptr<hosted_fleet> fleet;
};

TEST_F(other_bot, goes_on_with_one_sticky_message) {
  prepare("sticky", {{"delay", 1},
                     {"longest", 5},
                     {"messages", json::array{json::object{{"channel", channel()}, {"text", "bottom"}}}}});
  run_both();
  ASSERT_TRUE(eventually(patience, [&] { return count("bottom") == 1; }));
  remove_the_first();
  EXPECT_TRUE(eventually(patience, [&] {
    discord.write_messages(1);
    return eventually(8s, [&] { return text_of(messages().back().as_object(), "content") == "bottom"; });
  }));
  EXPECT_TRUE(eventually(patience, [&] { return count("bottom") == 1; }));
  EXPECT_FALSE(eventually(2s, [&] { return count("bottom") != 1; }));
}

TEST_F(other_bot, sends_the_reminder_that_was_planned_and_no_second_one) {
  prepare("bump-reminder", {{"enabled", true}, {"wait", 6}, {"confirm", false}});
  run_both();
  ASSERT_TRUE(eventually(patience, [&] {
    bump_on_disboard();
    return eventually(2s, [&] { return !open_data()->list_jobs({}).value().empty(); });
  }));
  remove_the_first();
  EXPECT_TRUE(eventually(patience, [&] { return count("can be bumped on DISBOARD again") == 1; }));
  EXPECT_FALSE(eventually(3s, [&] { return count("can be bumped on DISBOARD again") != 1; }));
}

class other_bot_in_voice : public other_bot {
 protected:
  other_bot_in_voice() { prepare("temp-voice", {{"triggers", json::array{trigger}}, {"grace", 5}}); }

  // The room that bot1 made is the member's still, and goes when it is empty.
  void expect_to_look_after(const std::string& room, const std::string& member) {
    EXPECT_EQ(moved_from(trigger, member), room);
    EXPECT_THAT(use("voice", {}, room).text(), HasSubstr("Controls of this channel"));
    leave_voice(member);
    EXPECT_TRUE(eventually(patience, [&] { return !has_channel(room); }));
    EXPECT_TRUE(has_channel(moved_from(trigger, member)));
  }

  const std::string trigger = first_voice_channel();
  const std::string mika = join("mika");
};

TEST_F(other_bot_in_voice, looks_after_the_rooms_of_one_that_has_left) {
  run_both();
  const std::string room = moved_from(trigger, mika);
  as(mika);
  remove_the_first();
  expect_to_look_after(room, mika);
}

TEST_F(other_bot_in_voice, looks_after_the_rooms_of_one_that_stays) {
  run_both();
  const std::string room = moved_from(trigger, mika);
  as(mika);
  prefer_the_second();
  expect_to_look_after(room, mika);
}

// Only the bot that hid it was let in.
TEST_F(other_bot_in_voice, tells_of_a_hidden_room_that_it_cannot_delete) {
  const std::string errors = made_channel("errors");
  prepare("guild-config", {{"error_channel", errors}});
  run_both();
  const std::string room = moved_from(trigger, mika);
  as(mika);
  EXPECT_THAT(press(use("voice", {}, room), "hide").text(), HasSubstr("Hidden"));
  remove_the_first();
  leave_voice(mika);
  EXPECT_TRUE(comes_once("<#" + room + ">", errors));
  EXPECT_TRUE(has_channel(room));
}

TEST_F(other_bot, goes_on_with_the_member_log_and_knows_how_long_members_stayed) {
  prepare("member-log", {{"channel", channel()}});
  run_both();
  std::string mika;
  ASSERT_TRUE(eventually(patience, [&] {
    mika = join("mika");
    return eventually(5s, [&] { return count("(mika) joined.") > 0; });
  }));
  remove_the_first();
  (void)eventually(patience, [&] {
    (void)join("rin");
    return eventually(5s, [&] { return count("(rin) joined.") > 0; });
  });
  EXPECT_EQ(author_of("(rin) joined.", channel()), "bot2");
  (void)act("leave", {{"guild", guild()}, {"user", mika}});
  EXPECT_TRUE(comes_once("(mika) left."));
  EXPECT_TRUE(shows("Was a member for"));
}

TEST_F(other_bot, ends_the_bans_and_counts_on_the_cases_of_the_first) {
  const std::string log = made_channel("log");
  prepare("moderation", {{"log_channel", log}});
  run_both();
  const std::string banned = join("banned");
  EXPECT_THAT(use("ban", {{"user", banned}, {"duration", "5s"}, {"reason", "rude"}}).text(),
              HasSubstr("Case #1"));
  remove_the_first();
  EXPECT_TRUE(comes_once("end of a ban", log));
  EXPECT_EQ(author_of("end of a ban", log), "bot2");
  EXPECT_EQ(as_bot("GET", fmt::format("/guilds/{}/bans", guild())), json::array());
  EXPECT_THAT(use("case view", {{"number", 1}}).text(), HasSubstr("rude"));
  EXPECT_THAT(use("warn", {{"member", join("warned")}, {"reason", "x"}}).text(), HasSubstr("Case #3"));
}

TEST_F(other_bot, keeps_to_the_rules_of_automod_and_says_so_once) {
  const std::string log = made_channel("log");
  prepare(
      "automod",
      {{"words_action", "delete"}, {"words", json::array{"first", "second", "third"}}, {"log_channel", log}});
  run_both();
  as(join("rude"));
  const auto comes_to_delete = [&](const std::string& text) {
    return eventually(patience, [&] {
      const std::string written = say(text);
      return eventually(2s, [&] { return count(written) == 0; });
    });
  };
  EXPECT_TRUE(comes_to_delete("first"));
  prefer_the_second();
  EXPECT_TRUE(comes_to_delete("second"));
  (void)say("third");
  EXPECT_TRUE(comes_once("third", log));
  EXPECT_EQ(author_of("third", log), "bot2");
  EXPECT_EQ(count("third"), 0);
}

class other_bot_with_tickets : public other_bot {
 protected:
  other_bot_with_tickets() { prepare("ticket", {{"delete_after", 3}}); }

  // Of bot1.
  std::string open_one() {
    EXPECT_THAT(open_ticket(*this, ticket_panel(*this), "It broke").content(),
                HasSubstr("Your ticket is open"));
    return id_of_channel("ticket-0001");
  }
};

TEST_F(other_bot_with_tickets, leaves_those_of_one_that_has_left_alone) {
  run_both();
  const std::string where = open_one();
  EXPECT_THAT(use("ticket close", {}, where).content(), HasSubstr("is closed"));
  remove_the_first();
  EXPECT_THAT(open_ticket(*this, ticket_panel(*this), "Another").content(), HasSubstr("Your ticket is open"))
      << "it counts those of its own";
  EXPECT_FALSE(eventually(5s, [&] { return !has_channel(where); }));
}

TEST_F(other_bot_with_tickets, leaves_the_one_that_stays_to_delete_its_own) {
  run_both();
  const std::string where = open_one();
  prefer_the_second();
  EXPECT_THAT(use("ticket close", {}, where).content(), HasSubstr("This channel is no ticket."));
  to("bot1");
  EXPECT_THAT(use("ticket close", {}, where).content(), HasSubstr("is closed"));
  EXPECT_TRUE(eventually(patience, [&] { return !has_channel(where); }));
}

}  // namespace
}  // namespace guildfleet::integration
