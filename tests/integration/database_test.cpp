// Bots whose data lie on a PostgreSQL server that they share, with and without Redis: real servers, real
// processes, one simulated Discord.
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/fleet_harness.hpp"
#include "support/postgres_server.hpp"
#include "support/redis_server.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;
using testing::Not;

class database : public testing::Test {
 protected:
  [[nodiscard]] node::variables environment_of(const std::string& bot, node::variables changes = {}) const {
    node::variables environment = node::environment_of(discord, bot);
    environment["FEATURES"] = "ping,probe,guild-config";
    environment["DATABASE_URL"] = url;
    environment["NODE_NAME"] = "node-of-" + bot;
    for (auto& [key, value] : changes) environment[key] = value;
    return environment;
  }
  std::unique_ptr<node> start(const std::string& bot, node::variables changes = {},
                              const std::string& output = {}) const {
    return std::make_unique<node>(folder, environment_of(bot, std::move(changes)),
                                  output.empty() ? bot : output);
  }
  // What the manager of the first guild is shown.
  [[nodiscard]] std::string use(const std::string& bot, const std::string& command,
                                json::object options = {}) const {
    json::object shown;
    EXPECT_TRUE(eventually(patience, [&] {
      const auto answer = discord.try_act("command", {{"bot", bot},
                                                      {"name", command},
                                                      {"options", options},
                                                      {"locale", "en-US"},
                                                      {"wait", 5'000},
                                                      {"user", manager}});
      if (answer) shown = *answer;
      return answer.has_value();
    }));
    return json::serialize(shown);
  }
  [[nodiscard]] bool sees(const std::string& bot, const std::string& text,
                          std::chrono::milliseconds limit = patience) const {
    return eventually(limit, [&] { return use(bot, "config view").find(text) != std::string::npos; });
  }

  base::scratch_folder folder;
  simulated_discord discord{{.bots = {"bot1", "bot2", "bot3"}}};
  std::string manager = discord.owner_of_first_guild();
  support::postgres_server server;
  std::string schema = server.make_database();
  std::string url = server.url(schema);
};

TEST_F(database, three_bots_in_three_processes_share_the_settings_of_a_guild) {
  support::redis_server redis;
  ASSERT_TRUE(redis.start());
  std::vector<std::unique_ptr<node>> nodes;
  for (const std::string bot : {"bot1", "bot2", "bot3"})
    nodes.push_back(start(bot, {{"REDIS_URL", redis.url()}}));
  for (const auto& each : nodes) ASSERT_TRUE(each->ready()) << each->log();
  EXPECT_TRUE(discord.use_command("bot2", "ping").at("answered").as_bool());
  for (const std::string bot : {"bot1", "bot2", "bot3"})
    EXPECT_THAT(use(bot, "config view"), HasSubstr("Automatic"));
  EXPECT_THAT(use("bot1", "config language", {{"value", "ja"}}), HasSubstr("Saved."));
  EXPECT_TRUE(sees("bot2", "日本語"));
  EXPECT_TRUE(sees("bot3", "日本語"));
  EXPECT_EQ(nodes[0]->metric("guildfleet_redis_up"), 1);
  for (const auto& each : nodes) EXPECT_EQ(each->stop(), 0) << each->log();
  for (const auto& each : nodes) EXPECT_THAT(each->log(), Not(HasSubstr("canary")));
}

TEST_F(database, connections_carry_the_bots_name) {
  const auto bot = start("bot1");
  ASSERT_TRUE(bot->ready()) << bot->log();
  // Fails the statement, and with it the test, when there is none.
  EXPECT_NO_THROW(server.run("SELECT 1 / count(*) FROM pg_stat_activity WHERE application_name = 'bot1'"));
}

TEST_F(database, a_restarted_node_resumes_from_the_servers_ledger) {
  auto first = start("bot1");
  ASSERT_TRUE(first->ready()) << first->log();
  discord.write_messages(5);
  ASSERT_TRUE(eventually(patience, [&] { return first->messages_read() >= 5; }));
  ASSERT_EQ(first->stop(), 0);
  discord.write_messages(7);
  const auto second = start("bot1");
  ASSERT_TRUE(second->ready()) << second->log();
  EXPECT_TRUE(eventually(patience, [&] { return second->messages_read() >= 7; }));
  EXPECT_EQ(second->messages_read(), 7);
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
  EXPECT_EQ(number_of(second->health(), "guilds"), 3);
}

TEST_F(database, of_two_nodes_with_one_token_one_acts_and_the_other_takes_over) {
  auto first = start("bot1", {{"NODE_NAME", "one"}}, "one");
  ASSERT_TRUE(first->ready()) << first->log();
  auto second = start("bot1", {{"NODE_NAME", "two"}}, "two");
  ASSERT_TRUE(eventually(patience, [&] {
    return second->metric("guildfleet_gateway_shards{bot=\"bot1\",state=\"standby\"}") == 1;
  })) << second->log();
  EXPECT_EQ(second->get("/readyz").status, 200);
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
  discord.write_messages(4);
  ASSERT_TRUE(eventually(patience, [&] { return first->messages_read() >= 4; }));
  ASSERT_EQ(first->stop(), 0);
  discord.write_messages(6);
  EXPECT_TRUE(eventually(patience, [&] { return second->messages_read() >= 6; })) << second->log();
  EXPECT_EQ(second->messages_read(), 6);
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
}

TEST_F(database, with_local_leases_an_outage_of_the_server_leaves_the_bot_acting_with_known_settings) {
  const auto bot = start("bot1", {{"LEASES", "local"}});
  ASSERT_TRUE(bot->ready()) << bot->log();
  EXPECT_THAT(use("bot1", "config language", {{"value", "ja"}}), HasSubstr("Saved."));
  EXPECT_THAT(use("bot1", "config view"), HasSubstr("日本語"));
  server.kill();
  discord.write_messages(3);
  EXPECT_TRUE(eventually(patience, [&] { return bot->messages_read() >= 3; }));
  EXPECT_TRUE(discord.use_command("bot1", "ping").at("answered").as_bool());
  EXPECT_THAT(use("bot1", "config view"), HasSubstr("日本語"));
  EXPECT_THAT(use("bot1", "config language", {{"value", "en"}}), HasSubstr("Nothing was saved"));
  server.start();
  EXPECT_TRUE(eventually(patience, [&] {
    return use("bot1", "config language", {{"value", "en"}}).find("aved.") != std::string::npos;
  }));
  EXPECT_THAT(bot->log(), Not(HasSubstr("canary")));
}

TEST_F(database, while_the_server_is_frozen_every_command_is_answered_within_three_seconds) {
  const auto bot = start("bot1", {{"LEASES", "local"}});
  ASSERT_TRUE(bot->ready()) << bot->log();
  EXPECT_THAT(use("bot1", "config view"), HasSubstr("Automatic"));
  server.freeze();
  const auto answer_of = [&](const char* command, json::object options) {
    return discord.act("command", {{"bot", "bot1"},
                                   {"name", command},
                                   {"options", std::move(options)},
                                   {"user", manager},
                                   {"wait", 3'000}});
  };
  EXPECT_TRUE(answer_of("ping", {}).at("answered").as_bool());
  EXPECT_THAT(json::serialize(answer_of("config view", {})), HasSubstr("Automatic"));
  EXPECT_THAT(json::serialize(answer_of("config language", {{"value", "ja"}})),
              testing::AnyOf(HasSubstr("Nothing was saved"), HasSubstr("not known whether this was saved")));
  server.thaw();
  EXPECT_TRUE(eventually(patience, [&] {
    return use("bot1", "config language", {{"value", "ja"}}).find("aved.") != std::string::npos;
  }));
}

// The lease's term is the default: 15 s.
TEST_F(database, with_shared_leases_an_outage_of_the_server_holds_events_until_it_is_back) {
  const auto bot = start("bot1");
  ASSERT_TRUE(bot->ready()) << bot->log();
  server.stop();
  ASSERT_TRUE(eventually(patience, [&] {
    return bot->metric("guildfleet_gateway_shards{bot=\"bot1\",state=\"holding\"}") == 1;
  })) << bot->log();
  discord.write_messages(5);
  const json::object answer = discord.use_command("bot1", "ping");
  EXPECT_TRUE(answer.at("answered").as_bool());
  EXPECT_EQ(bot->messages_read(), 0);
  server.start();
  EXPECT_TRUE(eventually(patience, [&] { return bot->messages_read() >= 5; })) << bot->log();
  EXPECT_EQ(bot->messages_read(), 5);
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
  EXPECT_EQ(discord.gateway_count("resumes_ok"), 0U);
}

TEST_F(database, a_server_that_is_not_there_ends_the_start_with_its_address_and_no_password) {
  server.kill();
  auto bot = start("bot1");
  ASSERT_EQ(bot->process().wait(patience), 1);
  EXPECT_THAT(bot->log(), HasSubstr("127.0.0.1"));
  EXPECT_THAT(bot->log(), Not(HasSubstr("canary")));
  EXPECT_EQ(discord.gateway_count("identifies"), 0U);
}

}  // namespace
}  // namespace guildfleet::integration
