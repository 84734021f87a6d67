// What features keep and plan, while the shards of their bot change their node, their number or their
// release: each thing happens once, and nothing is lost. As a program of its own, with --node PLAN, it is a
// node (fleet_node.hpp).
#include <boost/json/parse.hpp>
#include <csignal>
#include <gmock/gmock.h>

#include "integration/operated_bot.hpp"
#include "integration/ticket_scenario.hpp"
#include "support/postgres_server.hpp"

namespace guildfleet::integration {
namespace {

constexpr const char* reminder = "can be bumped on DISBOARD again";

class moving_features : public operated_bot {
 protected:
  explicit moving_features(std::uint32_t count)
      : operated_bot("reshard", count,
                     {.guilds = 1, .max_concurrency = 2, .bucket_limits = false, .global_limit = false}) {
    support::postgres_server& server = support::shared_postgres();
    database = server.url(server.make_database());
    run_node("blue");
  }

  void run_node(const std::string& name, const std::string& release = "1") {
    node_plan plan = plan_of_node(name, release);
    plan.features = "bump-reminder,guild-config,moderation,sticky,temp-voice,ticket";
    plan.job_lease = 3s;
    start(plan);
  }
  // The node that has the shard of the guild.
  std::string keeper() {
    (void)program({"shards", "-o", "json"});
    boost::system::error_code broken;
    const json::value seen = json::parse(told, broken);
    if (broken) return {};
    for (const json::value& each : seen.at("shards").as_array()) {
      const auto count = static_cast<std::uint64_t>(number_of(each.as_object(), "count"));
      const auto index = static_cast<std::uint64_t>(number_of(each.as_object(), "shard"));
      if (count == shards && (std::stoull(guild()) >> 22U) % count == index)
        return text_of(each.as_object(), "node");
    }
    return {};
  }

  void keep_a_sticky_message() {
    set("sticky", {{"delay", 1}, {"longest", 5}});
    EXPECT_TRUE(use("sticky set", {{"text", "bottom"}}).answered());
    EXPECT_TRUE(ends_with("bottom"));
  }
  void expect_one_sticky_message() {
    (void)say("the last word");
    EXPECT_TRUE(ends_with("bottom"));
    EXPECT_TRUE(eventually(patience, [&] { return count("bottom") == 1; })) << "the one before is deleted";
    EXPECT_TRUE(comes_once("bottom"));
  }
  // The member's.
  std::string keep_a_room(const std::string& member) {
    set("temp-voice", {{"triggers", json::array{trigger}}, {"grace", 5}});
    return moved_from(trigger, member);
  }
  [[nodiscard]] std::ptrdiff_t rooms() const {
    return std::ranges::count_if(channels(), [](const json::value& each) {
      return text_of(each.as_object(), "name").starts_with("🔊 ");
    });
  }
  [[nodiscard]] bool comes_to_have_rooms(std::ptrdiff_t number) const {
    return eventually(patience, [&] { return rooms() == number; });
  }
  void bump_that_is_noticed() {
    EXPECT_TRUE(eventually(patience, [&] {
      bump_on_disboard();
      return eventually(2s, [&] { return count("Thank you for the bump") > 0; });
    }));
  }
  [[nodiscard]] bool has_no_jobs_left(const std::string& kind) {
    return eventually(patience, [&] {
      return program({"jobs", "list", "--bot", "bot1", "-o", "json"}) == 0 && !told.contains(kind);
    });
  }
  [[nodiscard]] std::ptrdiff_t tickets() const {
    return std::ranges::count_if(channels(), [](const json::value& each) {
      return text_of(each.as_object(), "name").starts_with("ticket-");
    });
  }
  // Discord does what is asked next this way, and answers later.
  void answer_late(const std::string& method, const std::string& route, std::chrono::milliseconds by) const {
    discord.fault(
        {{"kind", "latency"}, {"delay", by.count()}, {"count", 1}, {"method", method}, {"route", route}});
  }
  // Whose end nobody waits for.
  void begin(const std::string& command, json::object options, const std::string& where) const {
    (void)act("command", {{"bot", "bot1"},
                          {"name", command},
                          {"options", std::move(options)},
                          {"guild", guild()},
                          {"channel", where},
                          {"user", acting()}});
  }

  const std::string trigger = first_voice_channel();
};

enum class way { is_killed, stops };

// Two nodes have a shard each, and the one that has the guild's ends.
class a_node_with_features : public moving_features, public testing::WithParamInterface<way> {
 protected:
  a_node_with_features() : moving_features(2) {}

  // Both have one of the shards from here on.
  void spread() {
    run_node("green");
    EXPECT_TRUE(eventually(patience, [&] {
      (void)program({"shards", "-o", "json"});
      return told.contains("\"node\":\"blue\"") && told.contains("\"node\":\"green\"");
    })) << told;
    leaving = keeper();
  }
  // Begins; what a test does next it does meanwhile.
  void change() {
    if (GetParam() == way::is_killed) return kill(leaving);
    nodes[leaving].process->signal(SIGTERM);
  }
  void expect_the_other_to_keep_it() {
    const std::string other = leaving == "blue" ? "green" : "blue";
    EXPECT_TRUE(eventually(patience, [&] { return keeper() == other; })) << told;
    EXPECT_TRUE(connected()) << nodes[other].process->err();
  }

  std::string leaving;
};

TEST_P(a_node_with_features, leaves_one_sticky_message_at_the_bottom) {
  keep_a_sticky_message();
  spread();
  (void)say("before");
  change();
  for (int i = 0; i < 5; ++i) (void)say("meanwhile");
  EXPECT_TRUE(ends_with("bottom"));
  expect_the_other_to_keep_it();
  expect_one_sticky_message();
}

TEST_P(a_node_with_features, leaves_no_room_whose_member_went_meanwhile) {
  const std::string mika = join("mika");
  (void)keep_a_room(mika);
  spread();
  change();
  leave_voice(mika);
  EXPECT_TRUE(comes_to_have_rooms(0));
  expect_the_other_to_keep_it();
  (void)moved_from(trigger, mika);
  EXPECT_EQ(rooms(), 1);
}

TEST_P(a_node_with_features, leaves_a_member_who_came_meanwhile_one_room) {
  const std::string mika = join("mika");
  const std::string rin = join("rin");
  (void)keep_a_room(mika);
  spread();
  answer_late("POST", "/guilds/{guild.id}/channels", 2s);
  enter_voice(rin, trigger);
  EXPECT_TRUE(comes_to_have_rooms(2)) << "made, and not known";
  EXPECT_EQ(voice_channel_of(rin), trigger) << "too late to show anything";
  change();
  EXPECT_TRUE(eventually(patience, [&] { return voice_channel_of(rin) != trigger; }));
  expect_the_other_to_keep_it();
  EXPECT_EQ(rooms(), 2);
}

TEST_P(a_node_with_features, leaves_bans_that_end_once) {
  const std::string log = made_channel("log");
  EXPECT_TRUE(use("moderation log", {{"channel", log}}).answered());
  spread();
  EXPECT_THAT(use("ban", {{"user", join("banned")}, {"duration", "5s"}}).text(),
              HasSubstr("is banned until"));
  change();
  EXPECT_TRUE(comes_once("end of a ban", log));
  EXPECT_EQ(as_bot("GET", fmt::format("/guilds/{}/bans", guild())), json::array());
  expect_the_other_to_keep_it();
  EXPECT_THAT(use("warn", {{"member", join("warned")}, {"reason", "x"}}).text(), HasSubstr("Case #3"));
}

TEST_P(a_node_with_features, leaves_a_reminder_that_comes_once) {
  set("bump-reminder", {{"enabled", true}, {"wait", 4}});
  spread();
  bump_that_is_noticed();
  change();
  EXPECT_TRUE(comes_once(reminder));
  expect_the_other_to_keep_it();
  EXPECT_TRUE(has_no_jobs_left("bump-reminder/"));
}

TEST_P(a_node_with_features, leaves_a_ticket_that_was_being_opened_open) {
  const std::string panel = ticket_panel(*this);
  spread();
  const shown form = press(panel, "ticket:v1:open:");
  answer_late("POST", "/guilds/{guild.id}/channels", 2s);
  (void)act("modal",
            {{"interaction", form.interaction()}, {"fields", json::object{{"subject", "It broke"}}}});
  EXPECT_TRUE(eventually(patience, [&] { return tickets() == 1; }));
  change();
  const std::string where = id_of_channel("ticket-0001");
  EXPECT_TRUE(shows("It broke", where));
  expect_the_other_to_keep_it();
  EXPECT_THAT(use("ticket close", {}, where).content(), HasSubstr("is closed"));
  EXPECT_EQ(count("It broke", where), 1);
  EXPECT_EQ(tickets(), 1);
}

TEST_P(a_node_with_features, leaves_a_ticket_that_was_being_closed_closed) {
  const std::string log = made_channel("log");
  EXPECT_TRUE(use("ticket-setup options", {{"log_channel", log}}).answered());
  const std::string panel = ticket_panel(*this);
  EXPECT_THAT(open_ticket(*this, panel, "It broke").content(), HasSubstr("Your ticket is open"));
  spread();
  answer_late("POST", "/channels/{channel.id}/messages", 2s);
  begin("ticket close", {}, id_of_channel("ticket-0001"));
  EXPECT_TRUE(shows("closed by", log));
  change();
  expect_the_other_to_keep_it();
  EXPECT_THAT(open_ticket(*this, panel, "Again").content(), HasSubstr("Your ticket is open"));
  EXPECT_TRUE(comes_once("closed by", log));
}

TEST_P(a_node_with_features, leaves_closed_tickets_that_are_deleted_in_time) {
  const std::string log = made_channel("log");
  set("ticket", {{"delete_after", 4}, {"log_channel", log}});
  EXPECT_THAT(open_ticket(*this, ticket_panel(*this), "It broke").content(),
              HasSubstr("Your ticket is open"));
  spread();
  EXPECT_THAT(use("ticket close", {}, id_of_channel("ticket-0001")).content(), HasSubstr("is closed"));
  change();
  EXPECT_TRUE(comes_once("was deleted.", log));
  EXPECT_EQ(tickets(), 0);
  EXPECT_EQ(count("by hand", log), 0);
  expect_the_other_to_keep_it();
}

// Discord has the reminder, and the node dies before it hears of that.
TEST_P(a_node_with_features, leaves_a_timer_that_it_ran_to_the_other) {
  set("bump-reminder", {{"enabled", true}, {"wait", 4}});
  spread();
  bump_that_is_noticed();
  answer_late("POST", "/channels/{channel.id}/messages", 60s);
  EXPECT_TRUE(shows(reminder));
  change();
  expect_the_other_to_keep_it();
  EXPECT_TRUE(has_no_jobs_left("bump-reminder/"));
  EXPECT_EQ(count(reminder), 1);
}

INSTANTIATE_TEST_SUITE_P(that, a_node_with_features, testing::Values(way::is_killed, way::stops),
                         [](const auto& of) { return of.param == way::stops ? "stops" : "is_killed"; });

// A channel that is never quiet, a room with its member, an open ticket, and a ban that ends meanwhile.
class a_busy_guild : public moving_features {
 protected:
  a_busy_guild() : moving_features(1) {
    EXPECT_TRUE(connected());
    keep_a_sticky_message();
    room = keep_a_room(mika);
    EXPECT_THAT(open_ticket(*this, ticket_panel(*this), "It broke").content(),
                HasSubstr("Your ticket is open"));
    ticket_channel = id_of_channel("ticket-0001");
    EXPECT_TRUE(use("moderation log", {{"channel", log}}).answered());
    EXPECT_TRUE(use("ban", {{"user", join("banned")}, {"duration", "8s"}}).answered());
  }

  // Members go on meanwhile.
  void chat_until_it_is_done() {
    EXPECT_TRUE(eventually(120s, [&] {
      (void)say("so much to say");
      return text_of(status(), "state") == "done";
    })) << told;
  }
  void expect_all_as_before() {
    EXPECT_TRUE(comes_once("end of a ban", log));
    expect_one_sticky_message();
    EXPECT_EQ(voice_channel_of(mika), room);
    enter_voice(mika, trigger);
    EXPECT_TRUE(eventually(patience, [&] { return voice_channel_of(mika) == room; }))
        << "moved to the same again";
    leave_voice(mika);
    EXPECT_TRUE(comes_to_have_rooms(0));
    EXPECT_THAT(open_ticket(*this, ticket_panel(*this), "And again").content(),
                HasSubstr("as many tickets open as allowed"));
    EXPECT_EQ(tickets(), 1);
    EXPECT_THAT(use("ticket close", {}, ticket_channel).content(), HasSubstr("is closed"));
    EXPECT_EQ(count("It broke", ticket_channel), 1);
  }

  std::string log = made_channel("log");
  std::string mika = join("mika");
  std::string room;
  std::string ticket_channel;
};

TEST_F(a_busy_guild, keeps_all_when_its_bot_has_more_shards) {
  EXPECT_EQ(program({"reshard", "start", "bot1", "--to", "2"}), 0) << told;
  chat_until_it_is_done();
  EXPECT_TRUE(connected(2));
  expect_all_as_before();
}

TEST_F(a_busy_guild, keeps_all_when_its_bot_goes_to_another_release) {
  operation = "rollout";
  run_node("green", "2");
  EXPECT_TRUE(logs("green", "stands by: another release runs the bot"));
  EXPECT_EQ(program({"rollout", "start", "--to", "2", "--strategy", "rolling", "--pause", "1s", "--threshold",
                     "event_lag.by_ms=30000", "--threshold", "event_lag.ceiling_ms=60000"}),
            0)
      << told;
  chat_until_it_is_done();
  EXPECT_EQ(keeper(), "green");
  expect_all_as_before();
}

}  // namespace
}  // namespace guildfleet::integration

int main(int count, char** values) {
  return guildfleet::integration::tests_or_node(count, values, guildfleet::integration::run_node);
}
