// The budget of identifies of one bot over several nodes and over their restarts.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/fleet_harness.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

class identifies : public testing::Test {
 protected:
  std::unique_ptr<node> start(const std::string& name) {
    node::variables environment = node::environment_of(*discord);
    environment["NODE_NAME"] = name;
    environment["SHARDS"] = std::to_string(shards);
    for (const auto& [key, value] : more) environment[key] = value;
    return std::make_unique<node>(folder, std::move(environment), name);
  }
  [[nodiscard]] std::int64_t connected() const {
    std::int64_t count = 0;
    for (const json::object& each : discord->sessions_of("bot1"))
      count += each.at("connected").as_bool() && each.at("loaded").as_bool() ? 1 : 0;
    return count;
  }
  [[nodiscard]] bool all_connected() const {
    return eventually(60s, [&] { return connected() == shards; });
  }
  void lose_all_sessions() const { discord->fault({{"kind", "invalid_session"}}); }
  [[nodiscard]] std::uint64_t used() const { return discord->gateway_count("identifies"); }

  // A subcommand of the program with the nodes' configuration; what it wrote.
  std::string command(std::vector<std::string> words, int expected = 0) const {
    words.insert(words.begin(), {GUILDFLEET_PROGRAM, "identifies"});
    node::variables environment = node::environment_of(*discord);
    environment["SHARDS"] = std::to_string(shards);
    environment["USER"] = "ann";
    for (const auto& [key, value] : more) environment[key] = value;
    const auto file = folder / fmt::format("command-{}.out", ++commands);
    support::child_process process(
        support::child_settings{.command = std::move(words),
                                .environment = std::move(environment),
                                .folder = folder.path(),
                                .out = file,
                                .err = folder / fmt::format("command-{}.err", commands)});
    EXPECT_EQ(process.wait(patience), expected) << process.err();
    return support::read_file(file) + process.err();
  }
  json::object status() const { return json::parse(command({"-o", "json"})).as_array().at(0).as_object(); }
  void TearDown() override {
    if (!discord) return;
    EXPECT_EQ(discord->gateway_count("window_violations"), 0U);
    EXPECT_EQ(discord->gateway_count("tokens_reset"), 0U);
  }

  base::scratch_folder folder;
  std::unique_ptr<simulated_discord> discord;
  int shards = 4;
  node::variables more;
  mutable int commands = 0;
};

TEST_F(identifies, two_nodes_keep_the_floor_together_until_a_person_lets_them_pass) {
  discord = std::make_unique<simulated_discord>(
      discord_plan{.guilds = 8, .max_concurrency = 4, .session_starts = 12});
  const auto first = start("one");
  ASSERT_TRUE(all_connected()) << first->log();
  const auto second = start("two");
  ASSERT_TRUE(eventually(patience, [&] { return second->logs("shard resumed"); })) << second->log();
  ASSERT_TRUE(all_connected());
  ASSERT_EQ(used(), 4U);
  lose_all_sessions();
  ASSERT_TRUE(eventually(patience, [&] { return used() == 8; })) << first->log() << second->log();
  ASSERT_TRUE(all_connected());
  lose_all_sessions();  // four are left, three are kept back: ceil(20 % of 12)
  ASSERT_TRUE(eventually(
      patience,
      [&] { return first->log().contains("are kept back") && second->log().contains("are kept back"); }))
      << first->log() << second->log();
  // Every one of the four shards has asked, and was let pass or refused.
  const auto refused = [](node& where) {
    return where.metric(R"(guildfleet_fleet_identifies_refused_total{bot="bot1"})");
  };
  ASSERT_TRUE(eventually(
      patience, [&] { return static_cast<double>(used()) - 8 + refused(*first) + refused(*second) >= 4; }))
      << first->log() << second->log();
  EXPECT_LE(used(), 9U) << first->log() << second->log();
  EXPECT_THAT(text_of(first->health_of("bot1"), "problem") + text_of(second->health_of("bot1"), "problem"),
              HasSubstr("of 12 identifies left, 3 are kept back"));
  const auto budget = status().at("budget").as_object();
  EXPECT_EQ(number_of(budget, "total"), 12);
  EXPECT_EQ(number_of(budget, "floor"), 3);

  (void)command({"allow", "--reason", " "}, 2);
  (void)command({"allow", "--reason", "the disk was lost", "--for", "10m"});
  ASSERT_TRUE(all_connected()) << first->log() << second->log();
  EXPECT_EQ(used(), 12U);
  EXPECT_TRUE(first->log().contains("the disk was lost") || second->log().contains("the disk was lost"));
  EXPECT_EQ(text_of(status().at("allowed").as_object(), "reason"), "the disk was lost");
  (void)command({"revoke", "--reason", "done"});
  const json::object after = status();
  EXPECT_TRUE(after.at("allowed").is_null());
  EXPECT_THAT(json::serialize(after.at("permissions")), HasSubstr("the disk was lost"))
      << "the reason is kept";
  (void)command({"revoke"}, 1);
}

TEST_F(identifies, a_node_that_is_killed_again_and_again_before_its_session_stands_is_slowed) {
  discord = std::make_unique<simulated_discord>(discord_plan{.guilds = 4, .max_concurrency = 2});
  shards = 2;
  constexpr int lives = 10;
  std::string last;
  for (int life = 0; life < lives; ++life) {
    discord->fault({{"kind", "slow_ready"}, {"ms", 60'000}});
    const std::uint64_t before = used();
    const auto crashing = start("crashing");
    ASSERT_TRUE(eventually(patience, [&] {
      return used() > before || crashing->log().contains("a restart loop");
    })) << crashing->log();
    last = crashing->log();
    if (life == lives - 1) {
      EXPECT_TRUE(eventually(patience, [&] {
        return text_of(crashing->health_of("bot1"), "problem").contains("a restart loop");
      }));
    }
    crashing->kill();
  }
  EXPECT_THAT(last, HasSubstr("this node was started 4 times within an hour and had to identify each time"));
  EXPECT_LE(used(), 6U) << "two shards, three lives";
}

TEST_F(identifies, nothing_is_identified_before_the_database_is_open) {
  discord = std::make_unique<simulated_discord>(discord_plan{.max_concurrency = 2});
  shards = 2;
  more = {{"DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing?connect_timeout=2"}};
  const auto lost = start("lost");
  EXPECT_EQ(lost->process().wait(patience), 1) << "it gives up";
  EXPECT_EQ(used(), 0U) << lost->log();
  EXPECT_EQ(number_of(discord->report().at("gateway").as_object(), "connections"), 0) << lost->log();
}

}  // namespace
}  // namespace guildfleet::integration
