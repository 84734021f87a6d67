// A node that ends, in whatever way, has a successor that goes on where it was.
#include <csignal>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/fleet_harness.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

class restart : public testing::Test {
 protected:
  std::unique_ptr<node> start(node::variables changes = {}, const std::string& name = "node") {
    node::variables environment = node::environment_of(discord);
    for (auto& [key, value] : changes) environment[key] = value;
    return std::make_unique<node>(folder, std::move(environment), name);
  }
  // A predecessor that has nothing to hand over but its session.
  void start_and_stop(node::variables changes = {}) {
    const auto first = start(std::move(changes));
    ASSERT_TRUE(first->ready());
    ASSERT_EQ(first->stop(), 0);
  }
  [[nodiscard]] bool reads(node& who, int messages) {
    return eventually(patience, [&] { return who.messages_read() >= messages; });
  }

  base::scratch_folder folder;
  simulated_discord discord;
};

TEST_F(restart, after_sigterm_resumes_and_handles_each_missed_event_once) {
  auto first = start();
  ASSERT_TRUE(first->ready());
  discord.write_messages(5);
  ASSERT_TRUE(reads(*first, 5));
  ASSERT_EQ(first->stop(), 0);
  discord.write_messages(25);
  auto second = start();
  ASSERT_TRUE(second->ready());
  ASSERT_TRUE(reads(*second, 25)) << second->log();
  discord.write_messages(1);
  ASSERT_TRUE(reads(*second, 26));
  EXPECT_EQ(second->messages_read(), 26);
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
  EXPECT_EQ(discord.gateway_count("resumes_ok"), 1U);
}

TEST_F(restart, knows_its_guilds_before_the_first_event) {
  ASSERT_NO_FATAL_FAILURE(start_and_stop());
  discord.fault({{"kind", "refuse_connections"}, {"count", 1'000'000}});
  auto second = start();
  EXPECT_TRUE(eventually(patience, [&] { return number_of(second->health(), "guilds") == 3; }));
  EXPECT_EQ(second->metric("guildfleet_gateway_events_total{bot=\"bot1\",type=\"GUILD_CREATE\"}"), 0);
  EXPECT_EQ(discord.gateway_count("resumes_ok"), 0U);
}

TEST_F(restart, after_kill_9_resumes_from_what_was_saved) {
  auto first = start();
  ASSERT_TRUE(first->ready());
  discord.write_messages(30);
  ASSERT_TRUE(reads(*first, 30));
  first->kill();
  discord.write_messages(20);
  auto second = start();
  ASSERT_TRUE(second->ready());
  ASSERT_TRUE(reads(*second, 20)) << second->log();
  EXPECT_LE(second->messages_read(), 50);
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
  EXPECT_EQ(discord.gateway_count("resumes_ok"), 1U);
  EXPECT_EQ(number_of(second->health(), "guilds"), 3);
}

TEST_F(restart, a_replayed_interaction_is_answered_once) {
  auto first = start();
  ASSERT_TRUE(first->ready());
  const json::object answered = discord.use_command("bot1", "ping");
  ASSERT_TRUE(answered.at("answered").as_bool());
  first->kill();
  discord.write_messages(1);
  auto second = start();
  ASSERT_TRUE(reads(*second, 1)) << second->log();
  const auto interactions = "guildfleet_bot_interactions_total{bot=\"bot1\"}";
  ASSERT_EQ(second->metric(interactions), 1) << "the interaction was not replayed";
  const auto looked_at = R"(guildfleet_rest_requests_total{bot="bot1",route="get_original",status="200"})";
  ASSERT_TRUE(eventually(patience, [&] { return second->metric(looked_at) == 1; }));
  const auto now =
      support::object_of(support::answer_to({.origin = fmt::format("http://127.0.0.1:{}", discord.port()),
                                             .path = "/_sim/interactions/" + text_of(answered, "id")}));
  EXPECT_EQ(text_of(now, "content"), text_of(answered, "content"));
  EXPECT_EQ(number_of(now, "edits"), 0);
  EXPECT_TRUE(now.at("followups").as_array().empty());
  EXPECT_EQ(second->metric("guildfleet_bot_interactions_failed_total{bot=\"bot1\"}"), 0) << second->log();
}

TEST_F(restart, with_more_intents_identifies_anew_and_with_fewer_resumes) {
  ASSERT_NO_FATAL_FAILURE(start_and_stop({{"FEATURES", "ping"}}));
  auto second = start({{"FEATURES", "ping,probe"}});
  ASSERT_TRUE(second->ready()) << second->log();
  EXPECT_EQ(discord.gateway_count("identifies"), 2U);
  EXPECT_THAT(second->log(), HasSubstr("obstacle=\"missing intents\""));
  discord.write_messages(3);
  EXPECT_TRUE(reads(*second, 3));
  ASSERT_EQ(second->stop(), 0);
  auto third = start({{"FEATURES", "ping"}});
  ASSERT_TRUE(third->ready());
  EXPECT_EQ(discord.gateway_count("identifies"), 2U);
  EXPECT_EQ(discord.gateway_count("resumes_ok"), 1U);
}

TEST_F(restart, with_another_shard_count_identifies_anew) {
  ASSERT_NO_FATAL_FAILURE(start_and_stop());
  auto second = start({{"SHARDS", "2"}});
  ASSERT_TRUE(second->ready()) << second->log();
  EXPECT_EQ(discord.gateway_count("identifies"), 3U);
  EXPECT_EQ(number_of(second->health(), "guilds"), 3);
}

TEST_F(restart, after_a_token_reset_stops_and_with_the_new_token_identifies) {
  auto first = start();
  ASSERT_TRUE(first->ready());
  discord.fault({{"kind", "reset_token"}, {"bot", "bot1"}});
  EXPECT_EQ(first->process().wait(patience), 1) << first->log();
  EXPECT_THAT(first->log(), HasSubstr("If it was reset"));
  auto second = start();
  ASSERT_TRUE(second->ready()) << second->log();
  EXPECT_EQ(discord.gateway_count("identifies"), 2U);
}

TEST_F(restart, two_nodes_of_one_bot_never_act_both_and_the_second_takes_over) {
  auto first = start({}, "first");
  ASSERT_TRUE(first->ready());
  auto second = start({{"NODE_NAME", "node-b"}}, "second");
  ASSERT_TRUE(eventually(patience, [&] {
    const json::object bot = second->health_of("bot1");
    const json::value* shards = bot.if_contains("shards");
    return shards != nullptr && !shards->as_array().empty() &&
           text_of(shards->at(0).as_object(), "state") == "standby";
  })) << second->log();
  EXPECT_EQ(text_of(second->health_of("bot1"), "problem"), "");
  EXPECT_EQ(second->get("/readyz").status, 200);
  discord.write_messages(3);
  ASSERT_TRUE(reads(*first, 3));
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
  EXPECT_EQ(second->messages_read(), 0);
  first->kill();
  discord.write_messages(4);
  EXPECT_TRUE(reads(*second, 4)) << second->log();
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
  EXPECT_EQ(discord.gateway_count("resumes_ok"), 1U);
}

TEST_F(restart, a_second_node_of_the_same_name_is_told_so) {
  auto first = start({}, "first");
  ASSERT_TRUE(first->ready());
  auto second = start({}, "second");
  ASSERT_TRUE(eventually(patience, [&] {
    return text_of(second->health_of("bot1"), "problem").find("already runs this bot") != std::string::npos;
  })) << second->log();
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
  EXPECT_EQ(second->stop(), 0);
}

TEST_F(restart, a_node_frozen_beyond_its_lease_does_nothing_when_it_thaws) {
  auto first = start({}, "first");
  ASSERT_TRUE(first->ready());
  auto second = start({{"NODE_NAME", "node-b"}}, "second");
  discord.write_messages(2);
  ASSERT_TRUE(reads(*first, 2));
  ASSERT_TRUE(first->process().freeze());
  discord.write_messages(6);
  ASSERT_TRUE(reads(*second, 6)) << second->log();
  first->process().signal(SIGCONT);
  ASSERT_TRUE(first->logs("another node runs this shard now")) << first->log();
  discord.write_messages(2);
  ASSERT_TRUE(reads(*second, 8));
  EXPECT_LE(second->messages_read(), 10);  // the first one's two may have been unsaved
  EXPECT_EQ(first->messages_read(), 2);
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
}

}  // namespace
}  // namespace guildfleet::integration
