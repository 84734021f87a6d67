// Bots move from one release to another: real nodes, the program's own subcommand, and the simulator's
// account. As a program of its own, with --node PLAN, it is a node (fleet_node.hpp).
#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/operated_bot.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

class rollout_base : public operated_bot {
 protected:
  explicit rollout_base(std::uint32_t count)
      : operated_bot("rollout", count, {.guilds = 24, .max_concurrency = 4}) {}

  void expect_nothing_lost() { operated_bot::expect_nothing_lost(shards); }
  // guildfleet rollout WORDS; its exit code.
  std::optional<int> rollout(std::vector<std::string> words) { return command(std::move(words)); }
  // guildfleet rollout start --to 2 WORDS, for tests that are not about speed: on a machine at work events
  // are late on one node or the other.
  std::optional<int> begin(std::vector<std::string> words) {
    words.insert(words.begin(), {"start", "--to", "2", "--threshold", "event_lag.by_ms=30000", "--threshold",
                                 "event_lag.ceiling_ms=60000"});
    return rollout(std::move(words));
  }
  std::int64_t shards_on(const std::string& release) {
    return number_of(status().at("shards_by_release").as_object(), release);
  }
};

class rollouts : public rollout_base {
 protected:
  rollouts() : rollout_base(4) {
    start("blue", "1");
    EXPECT_TRUE(connected()) << nodes["blue"].process->err();
    start("green", "2");
    EXPECT_TRUE(logs("green", "stands by: another release runs the bot")) << nodes["green"].process->err();
  }
};

TEST_F(rollouts, are_what_moves_a_bot_to_a_release) {
  traffic(200);
  EXPECT_EQ(begin({"--steps", "50%,100%", "--pause", "4s", "--wait"}), 0) << told;
  EXPECT_THAT(told, HasSubstr("step 1      50 %: 2 of 4 shards"));
  EXPECT_EQ(text_of(status(), "state"), "done");
  EXPECT_EQ(shards_on("2"), 4);
  expect_nothing_lost();
}

TEST_F(rollouts, blue_green_move_everything_at_once_and_can_be_undone) {
  traffic(200);
  EXPECT_EQ(begin({"--strategy", "blue-green", "--pause", "3s", "--wait"}), 0) << told;
  EXPECT_EQ(shards_on("2"), 4);
  EXPECT_EQ(rollout({"undo", "--wait"}), 0) << told;
  EXPECT_EQ(shards_on("1"), 4);
  expect_nothing_lost();
}

TEST_F(rollouts, rolling_go_shard_by_shard) {
  traffic(200);
  EXPECT_EQ(begin({"--strategy", "rolling", "--pause", "1s", "--wait"}), 0) << told;
  EXPECT_THAT(told, HasSubstr("1 of 4 shards"));
  EXPECT_THAT(told, HasSubstr("3 of 4 shards"));
  EXPECT_EQ(shards_on("2"), 4);
  expect_nothing_lost();
}

TEST_F(rollouts, stop_where_a_person_says_so) {
  traffic(200);
  ASSERT_EQ(begin({"--steps", "50%,100%", "--pause", "1h"}), 0) << told;
  ASSERT_TRUE(reaches("observing")) << told;
  EXPECT_EQ(rollout({"start", "--to", "3"}), 3) << told;
  EXPECT_THAT(told, HasSubstr("it has a rollout that goes on"));
  EXPECT_EQ(rollout({"pause"}), 0) << told;
  EXPECT_EQ(rollout({"pause"}), 3) << told;
  EXPECT_EQ(rollout({"resume"}), 0) << told;
  EXPECT_EQ(rollout({"undo"}), 3) << told;
  EXPECT_EQ(rollout({"abort", "--wait"}), 1) << told;
  EXPECT_EQ(text_of(status(), "state"), "aborted");
  EXPECT_EQ(shards_on("1"), 4);
  EXPECT_EQ(rollout({"history", "-o", "json"}), 0) << told;
  const json::value history = json::parse(told);
  EXPECT_GE(history.at(0).at("events").as_array().size(), 5U) << told;
  expect_nothing_lost();
}

TEST_F(rollouts, are_finished_at_once_by_a_person_who_is_sure) {
  ASSERT_EQ(begin({"--steps", "25%,50%,100%", "--pause", "1h"}), 0) << told;
  ASSERT_TRUE(reaches("observing")) << told;
  EXPECT_EQ(rollout({"promote"}), 0) << told;
  EXPECT_TRUE(eventually(patience, [&] { return shards_on("2") == 2; })) << told;
  EXPECT_EQ(rollout({"promote", "--full", "--wait"}), 0) << told;
  EXPECT_EQ(shards_on("2"), 4);
}

TEST_F(rollouts, go_on_when_the_node_that_moves_them_dies) {
  start("azure", "1");
  traffic(200);
  ASSERT_EQ(begin({"--steps", "50%,100%", "--pause", "6s"}), 0) << told;
  ASSERT_TRUE(reaches("observing")) << told;
  stop("azure");  // the first by name
  EXPECT_TRUE(reaches("done")) << told;
  EXPECT_EQ(shards_on("2"), 4);
  expect_nothing_lost();
}

TEST_F(rollouts, that_cannot_be_are_refused_with_the_reason) {
  EXPECT_EQ(rollout({"start", "--to", "1"}), 2) << told;
  EXPECT_THAT(told, HasSubstr("it is on release 1 already"));
  EXPECT_EQ(rollout({"start", "--to", "2", "--steps", "50%,20%"}), 2) << told;
  EXPECT_EQ(rollout({"start", "--to", "2", "--steps", "half"}), 2) << told;
  EXPECT_EQ(rollout({"start", "--to", "2", "--pause", "soon"}), 2) << told;
  EXPECT_EQ(rollout({"start", "--to", "2", "--guilds", "abc"}), 2) << told;
  EXPECT_EQ(rollout({"start", "--to", "2", "--bot", "nobody"}), 3) << told;
  EXPECT_EQ(rollout({"abort"}), 3) << told;
  EXPECT_EQ(rollout({"start", "--to", "2", "--dry-run", "-o", "json"}), 0) << told;
  EXPECT_EQ(number_of(json::parse(told).as_array().front().as_object(), "identifies"), 0);
  EXPECT_TRUE(status().empty()) << "nothing was begun";
}

// A bot with one shard: everything below 100 % is delegated, guild by guild.
class delegations : public rollout_base {
 protected:
  delegations() : rollout_base(1) {
    start("blue", "1");
    EXPECT_TRUE(connected()) << nodes["blue"].process->err();
    start("green", "2");
    EXPECT_TRUE(logs("green", "stands by: another release runs the bot")) << nodes["green"].process->err();
  }
};

TEST_F(delegations, serve_a_share_of_the_guilds_without_a_second_session) {
  traffic(200);
  ASSERT_EQ(begin({"--steps", "40%,100%", "--pause", "6s"}), 0) << told;
  ASSERT_TRUE(reaches("observing")) << told << nodes["green"].process->err();
  EXPECT_TRUE(eventually(patience, [&] { return handled_by("green") > 100; }))
      << nodes["green"].process->err();
  EXPECT_EQ(shards_on("1"), 1);
  EXPECT_EQ(discord.sessions_of("bot1").size(), 1U);
  EXPECT_TRUE(reaches("done")) << told;
  EXPECT_EQ(shards_on("2"), 1);
  expect_nothing_lost();
}

TEST_F(delegations, are_for_chosen_guilds_too) {
  traffic(200);
  const std::string guild = discord.first_guild();
  ASSERT_EQ(begin({"--guilds", guild, "--steps", "0%,100%", "--pause", "1h"}), 0) << told;
  ASSERT_TRUE(reaches("observing")) << told << nodes["green"].process->err();
  EXPECT_TRUE(eventually(patience, [&] { return handled_by("green") > 10; }))
      << nodes["green"].process->err();
  EXPECT_EQ(rollout({"abort", "--wait"}), 1) << told;
  const std::ptrdiff_t there = handled_by("green");
  const std::ptrdiff_t here = handled_by("blue");
  EXPECT_TRUE(eventually(patience, [&] { return handled_by("blue") > here + 200; }));
  EXPECT_EQ(handled_by("green"), there) << "it acts no more";
  expect_nothing_lost();
}

TEST_F(delegations, end_within_seconds_when_the_guest_is_killed) {
  traffic(200);
  ASSERT_EQ(begin({"--steps", "50%,100%", "--pause", "1h"}), 0) << told;
  ASSERT_TRUE(reaches("observing")) << told;
  ASSERT_TRUE(eventually(patience, [&] { return handled_by("green") > 50; }));
  nodes["green"].process->signal(SIGKILL);
  (void)nodes["green"].process->wait(patience);
  nodes["green"].reader.reset();
  EXPECT_TRUE(reaches("rolled_back")) << told;
  EXPECT_THAT(told, HasSubstr("2")) << "the reason is kept";
  traffic(0);
  EXPECT_TRUE(eventually(patience, [&] { return account.distinct() == watch.messages_made(); }))
      << account.distinct() << " of " << watch.messages_made();
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
}

// How often each is done: GUILDFLEET_ROLLOUTS, by default once.
class releases : public rollout_base, public testing::WithParamInterface<int> {
 protected:
  releases() : rollout_base(4) {}

  // The state in which a canary of a release with this flaw ends.
  std::string canary(const std::string& flaw, std::vector<std::string> options) {
    start("blue", "1");
    EXPECT_TRUE(connected()) << nodes["blue"].process->err();
    start("green", "2", flaw);
    EXPECT_TRUE(logs("green", "stands by")) << nodes["green"].process->err();
    (void)discord.use_command("bot1", "work");
    traffic(500);
    options.insert(options.begin(), {"start", "--to", "2", "--steps", "50%,100%"});
    EXPECT_EQ(rollout(std::move(options)), 0) << told;
    std::string state;
    EXPECT_TRUE(eventually(240s, [&] {
      use_commands_everywhere();
      state = text_of(status(), "state");
      return state == "done" || state == "rolled_back" || state == "failed" || state == "paused";
    })) << state;
    return state;
  }
  void use_commands_everywhere() const {
    for (const std::string& guild : watch.guilds())
      (void)discord.try_act("command", {{"name", "work"}, {"guild", guild}, {"wait", 0}});
  }
};

TEST_P(releases, that_are_sound_arrive) {
  EXPECT_EQ(canary("", {"--pause", "5s"}), "done") << told;
  expect_nothing_lost();
}

TEST_P(releases, whose_handlers_fail_are_moved_back) {
  EXPECT_EQ(canary("throws", {"--pause", "20s"}), "rolled_back") << told;
  EXPECT_THAT(text_of(status(), "reason"), HasSubstr("fail"));
  EXPECT_EQ(shards_on("1"), 4);
  expect_nothing_lost();
}

TEST_P(releases, that_answer_slowly_are_moved_back) {
  EXPECT_EQ(canary("slow", {"--pause", "20s"}), "rolled_back") << told;
  EXPECT_THAT(text_of(status(), "reason"), HasSubstr("answer"));
  EXPECT_EQ(shards_on("1"), 4);
  expect_nothing_lost();
}

TEST_P(releases, that_leak_are_moved_back) {
  EXPECT_EQ(canary("leaks", {"--pause", "20s", "--threshold", "memory.over_ms=15000"}), "rolled_back")
      << told;
  EXPECT_THAT(text_of(status(), "reason"), HasSubstr("memory"));
  EXPECT_EQ(shards_on("1"), 4);
  expect_nothing_lost();
}

int times() {
  const char* wanted = std::getenv("GUILDFLEET_ROLLOUTS");
  return wanted == nullptr ? 1 : std::atoi(wanted);
}
INSTANTIATE_TEST_SUITE_P(again, releases, testing::Range(0, times()));

}  // namespace
}  // namespace guildfleet::integration

int main(int count, char** values) {
  return guildfleet::integration::tests_or_node(count, values, guildfleet::integration::run_node);
}
