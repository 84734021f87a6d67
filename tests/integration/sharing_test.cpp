// Several nodes of one bot share its shards, by their weights and without anybody's doing.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "integration/fleet_harness.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

class sharing : public testing::Test {
 protected:
  std::unique_ptr<node> start(const std::string& name, node::variables changes = {}) {
    node::variables environment = node::environment_of(discord);
    environment["NODE_NAME"] = name;
    environment["SHARDS"] = "4";
    environment["ADVERTISE"] = "127.0.0.1:0";
    environment["FLEET_KEY"] = "the key of this test's fleet";
    for (auto& [key, value] : changes) environment[key] = value;
    return std::make_unique<node>(folder, std::move(environment), name);
  }
  // The indexes of the shards that are connected on this node.
  static std::set<std::int64_t> shards_of(node& where) {
    std::set<std::int64_t> out;
    const json::object bot = where.health_of("bot1");
    if (!bot.contains("shards")) return out;
    for (const json::value& each : bot.at("shards").as_array()) {
      if (text_of(each.as_object(), "state") == "connected") out.insert(number_of(each.as_object(), "id"));
    }
    return out;
  }
  [[nodiscard]] static bool has(node& where, std::size_t shards) {
    return eventually(patience, [&] { return shards_of(where).size() == shards; });
  }

  // A subcommand of the program, with the configuration of the nodes; its exit code.
  [[nodiscard]] std::optional<int> command(std::vector<std::string> words) const {
    words.insert(words.begin(), GUILDFLEET_PROGRAM);
    node::variables environment = node::environment_of(discord);
    environment["SHARDS"] = "4";
    environment["FLEET_KEY"] = "the key of this test's fleet";
    support::child_process process(support::child_settings{.command = std::move(words),
                                                           .environment = std::move(environment),
                                                           .folder = folder.path(),
                                                           .out = folder / "command.out",
                                                           .err = folder / "command.err"});
    return process.wait(patience);
  }

  base::scratch_folder folder;
  simulated_discord discord{{.guilds = 8, .max_concurrency = 4}};
};

TEST_F(sharing, a_second_node_is_given_half_and_all_when_the_first_stops) {
  auto first = start("one");
  ASSERT_TRUE(has(*first, 4)) << first->log();
  auto second = start("two");
  ASSERT_TRUE(has(*second, 2)) << second->log();
  ASSERT_TRUE(has(*first, 2)) << first->log();
  discord.write_messages(5);
  EXPECT_TRUE(eventually(patience, [&] { return first->messages_read() + second->messages_read() == 5; }));
  EXPECT_EQ(first->stop(), 0);
  ASSERT_TRUE(has(*second, 4)) << second->log();
  EXPECT_EQ(discord.gateway_count("identifies"), 4U);
  EXPECT_THAT(second->log(), testing::Not(HasSubstr("handed over")));
}

TEST_F(sharing, is_shown_with_how_each_shard_is) {
  auto first = start("one");
  auto second = start("two");
  ASSERT_TRUE(has(*first, 2)) << first->log();
  ASSERT_TRUE(has(*second, 2)) << second->log();
  // On a busy machine a node may answer too late for one look.
  EXPECT_TRUE(eventually(patience, [&] {
    EXPECT_EQ(command({"shards", "-o", "json"}), 0);
    const json::value told = json::parse(support::read_file(folder / "command.out"));
    const json::array& shards = told.at("shards").as_array();
    return shards.size() == 4 && std::ranges::all_of(shards, [](const json::value& each) {
             return each.at("state") == "connected";
           });
  })) << support::read_file(folder / "command.out");
  EXPECT_EQ(command({"shards"}), 0);
  EXPECT_THAT(support::read_file(folder / "command.out"), HasSubstr("2 connected"));
}

TEST_F(sharing, follows_the_weights) {
  auto first = start("one", {{"NODE_WEIGHT", "3"}});
  auto second = start("two");
  EXPECT_TRUE(has(*first, 3)) << first->log();
  EXPECT_TRUE(has(*second, 1)) << second->log();
  EXPECT_EQ(discord.gateway_count("identifies"), 4U);
}

TEST_F(sharing, where_there_are_more_nodes_than_shards_the_rest_stand_by_and_are_ready) {
  auto first = start("one", {{"SHARDS", "1"}});
  ASSERT_TRUE(has(*first, 1));
  auto second = start("two", {{"SHARDS", "1"}});
  auto third = start("three", {{"SHARDS", "1"}});
  for (node* each : {second.get(), third.get()}) {
    EXPECT_TRUE(eventually(patience, [&] { return each->get("/readyz").status == 200; }));
    EXPECT_TRUE(shards_of(*each).empty());
  }
  first->kill();
  EXPECT_TRUE(
      eventually(patience, [&] { return shards_of(*second).size() + shards_of(*third).size() == 1; }));
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
}

TEST_F(sharing, a_node_that_may_choose_takes_the_others_number_of_shards) {
  auto first = start("one");
  ASSERT_TRUE(has(*first, 4)) << first->log();
  auto second = start("two", {{"SHARDS", ""}});
  ASSERT_TRUE(has(*second, 2)) << second->log();
  EXPECT_EQ(discord.gateway_count("identifies"), 4U);
}

TEST_F(sharing, a_node_with_another_number_of_shards_waits_until_the_others_have_ended) {
  auto first = start("one");
  ASSERT_TRUE(has(*first, 4)) << first->log();
  auto second = start("two", {{"SHARDS", "2"}});
  ASSERT_TRUE(eventually(patience, [&] {
    return text_of(second->health_of("bot1"), "problem")
        .contains("run this bot with 4 shards, this one is to have 2");
  })) << second->log();
  EXPECT_EQ(discord.gateway_count("identifies"), 4U);
  EXPECT_EQ(first->stop(), 0);
  EXPECT_TRUE(has(*second, 2)) << second->log();
}

TEST_F(sharing, a_node_is_drained_by_command_and_serves_again_when_no_other_is_left) {
  auto first = start("one");
  auto second = start("two");
  ASSERT_TRUE(has(*first, 2)) << first->log();
  ASSERT_TRUE(has(*second, 2)) << second->log();
  EXPECT_EQ(command({"drain", "two"}), 0);
  EXPECT_TRUE(has(*first, 4)) << first->log();
  EXPECT_TRUE(has(*second, 0)) << second->log();
  EXPECT_EQ(command({"drain", "two", "--undo"}), 0);
  EXPECT_TRUE(has(*second, 2)) << second->log();
  EXPECT_EQ(command({"drain", "two"}), 0);
  EXPECT_TRUE(has(*first, 4)) << first->log();
  EXPECT_EQ(first->stop(), 0);
  EXPECT_TRUE(has(*second, 4)) << second->log();
  EXPECT_EQ(command({"drain", "three"}), 1) << "there is no such node";
  EXPECT_EQ(discord.gateway_count("identifies"), 4U);
}

TEST_F(sharing, draining_says_why_shards_stay) {
  const auto refused_with = [this](const std::string& why) {
    EXPECT_EQ(command({"drain", "one"}), 3);
    EXPECT_THAT(support::read_file(folder / "command.err"), HasSubstr(why));
  };
  auto first = start("one", {{"RELEASE", "1"}});
  ASSERT_TRUE(has(*first, 4)) << first->log();
  refused_with("one keeps 4 shards of bot1: there is no other node");
  auto second = start("two", {{"RELEASE", "2"}});
  ASSERT_TRUE(eventually(patience, [&] { return second->get("/readyz").status == 200; })) << second->log();
  refused_with("guildfleet rollout start --to 2");
  EXPECT_TRUE(has(*first, 4)) << first->log();
}

TEST_F(sharing, nodes_that_cannot_reach_one_another_share_all_the_same) {
  auto first = start("one", {{"ADVERTISE", ""}, {"FLEET_KEY", ""}});
  ASSERT_TRUE(has(*first, 4)) << first->log();
  auto second = start("two", {{"FLEET_KEY", "another key, by mistake"}});
  ASSERT_TRUE(has(*second, 2)) << second->log();
  EXPECT_EQ(second->stop(), 0);
  ASSERT_TRUE(has(*first, 4)) << first->log();
  EXPECT_EQ(discord.gateway_count("identifies"), 4U);
}

TEST_F(sharing, a_node_frozen_and_thawed_finds_its_shards_with_another_and_takes_its_part_again) {
  auto first = start("one");
  auto second = start("two");
  ASSERT_TRUE(has(*first, 2)) << first->log();
  ASSERT_TRUE(has(*second, 2)) << second->log();
  first->process().signal(SIGSTOP);
  ASSERT_TRUE(has(*second, 4)) << second->log();
  first->process().signal(SIGCONT);
  EXPECT_TRUE(has(*first, 2)) << first->log();
  EXPECT_TRUE(has(*second, 2)) << second->log();
}

}  // namespace
}  // namespace guildfleet::integration
