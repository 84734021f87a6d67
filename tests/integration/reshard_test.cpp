// A bot is given another number of shards while it runs: real nodes, the program's own subcommand, and the
// simulator's account. As a program of its own, with --node PLAN, it is a node (fleet_node.hpp).
#include <boost/json/parse.hpp>
#include <csignal>
#include <gmock/gmock.h>

#include "integration/operated_bot.hpp"
#include "support/postgres_server.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t echo_each = 32;

// What a node's log says when it enters a state.
constexpr std::string_view begins = "the bot changes its number of shards";
constexpr std::string_view cuts = "guilds go over to them";
constexpr std::string_view moves = "servers went over to the new shards";
constexpr std::string_view closes = "the old shards are closed";

class reshard_base : public operated_bot {
 protected:
  explicit reshard_base(std::uint32_t count, int session_starts = 1'000)
      : operated_bot("reshard", count,
                     {.guilds = 24,
                      .channels = 8,
                      .max_concurrency = 4,
                      .session_starts = session_starts,
                      .bucket_limits = false}) {}

  void run_node() {
    node_plan plan = plan_of_node("blue", "1");
    plan.echo_each = echo_each;
    start(plan);
  }
  void begin_to_serve() {
    run_node();
    ASSERT_TRUE(connected()) << nodes["blue"].process->err();
    discord.fault({{"kind", "uneven_delay"}, {"ms", 500}});
    traffic(200);
  }
  // Each message that is to be echoed has one echo, however often it was handled.
  void expect_one_echo_each() {
    const auto wanted = account.messages_divisible_by(echo_each);
    EXPECT_FALSE(wanted.empty());
    EXPECT_TRUE(eventually(patience, [&] { return watch.echoes().size() >= wanted.size(); }));
    const auto echoes = watch.echoes();
    EXPECT_EQ(echoes.size(), wanted.size());
    for (const auto& [message, times] : echoes) EXPECT_EQ(times, 1) << message;
  }
  std::ptrdiff_t owned_by(const std::string& node) {
    (void)program({"shards", "-o", "json"});
    boost::system::error_code broken;
    const json::value parsed = json::parse(told, broken);
    if (broken) return -1;
    return std::ranges::count_if(parsed.at("shards").as_array(), [&](const json::value& each) {
      return each.at("node") == json::value(node);
    });
  }
  void expect_shards_by_command(std::uint32_t count) {
    EXPECT_EQ(program({"shards", "-o", "json"}), 0) << told;
    std::uint32_t owned = 0;
    for (const json::value& each : json::parse(told).at("shards").as_array()) {
      if (each.at("node").is_null()) continue;
      ++owned;
      EXPECT_EQ(each.at("count"), count) << told;
    }
    EXPECT_EQ(owned, count) << told;
  }
};

class four_shards : public reshard_base {
 protected:
  four_shards() : reshard_base(4) {}

  // The node dies at this word of its log, and another one goes on.
  void die_at(std::string_view word) {
    ASSERT_TRUE(logs("blue", word)) << nodes["blue"].process->err();
    kill("blue");
    run_node();
  }
};

// These take longer, and run with the label soak.
class four_shards_at_length : public four_shards {};

TEST_F(four_shards_at_length, become_six_without_a_lost_or_a_doubled_event) {
  begin_to_serve();
  EXPECT_EQ(command({"start", "bot1", "--to", "6", "--wait"}), 0) << told << nodes["blue"].process->err();
  EXPECT_THAT(told, HasSubstr("bot1: 4 -> 6 shards"));
  EXPECT_TRUE(connected(6)) << nodes["blue"].process->err();
  expect_nothing_lost(4 + 6);
  expect_one_echo_each();
  expect_shards_by_command(6);
  EXPECT_EQ(command({"history"}), 0) << told;
  EXPECT_THAT(told, HasSubstr("the bot has 6 shards"));
}

TEST_F(four_shards, stay_six_when_the_node_starts_again) {
  begin_to_serve();
  ASSERT_EQ(command({"start", "bot1", "--to", "6", "--wait"}), 0) << told << nodes["blue"].process->err();
  stop("blue");
  run_node();
  EXPECT_TRUE(connected(6)) << nodes["blue"].process->err();
  expect_nothing_lost(4 + 6);
}

// Both sets resume, and a new shard's account begins anew as often as that happens.
TEST_F(four_shards_at_length, become_six_though_connections_break_all_the_time) {
  begin_to_serve();
  ASSERT_EQ(command({"start", "bot1", "--to", "6"}), 0) << told;
  ASSERT_TRUE(logs("blue", cuts)) << nodes["blue"].process->err();
  for (int shard = 0; shard < 4; ++shard) {
    const std::ptrdiff_t before = handled_by("blue");
    discord.fault({{"kind", "drop"}, {"bot", "bot1"}, {"shard", shard}});
    EXPECT_TRUE(eventually(patience, [&] { return handled_by("blue") > before + 100; }));
  }
  EXPECT_TRUE(reaches("done")) << told << nodes["blue"].process->err();
  EXPECT_TRUE(connected(6)) << nodes["blue"].process->err();
  expect_nothing_lost(4 + 6);
  expect_one_echo_each();
}

TEST_F(four_shards_at_length, go_on_to_six_after_a_kill_while_the_new_ones_connect) {
  begin_to_serve();
  discord.fault({{"kind", "slow_ready"}, {"ms", 2'000}});
  ASSERT_EQ(command({"start", "bot1", "--to", "6"}), 0) << told;
  die_at(begins);
  EXPECT_TRUE(reaches("done")) << told << nodes["blue"].process->err();
  EXPECT_TRUE(connected(6));
  expect_all_handled();
  expect_one_echo_each();
}

TEST_F(four_shards_at_length, go_on_to_six_after_a_kill_before_a_guild_went_over) {
  begin_to_serve();
  ASSERT_EQ(command({"start", "bot1", "--to", "6"}), 0) << told;
  die_at(cuts);
  EXPECT_TRUE(reaches("done")) << told << nodes["blue"].process->err();
  EXPECT_TRUE(connected(6));
  expect_all_handled();
  expect_one_echo_each();
  EXPECT_EQ(discord.gateway_count("identifies"), 4U + 6U);
}

TEST_F(four_shards_at_length, go_on_to_six_after_a_kill_while_guilds_go_over) {
  begin_to_serve();
  ASSERT_EQ(command({"start", "bot1", "--to", "6"}), 0) << told;
  die_at(moves);
  EXPECT_TRUE(reaches("done")) << told << nodes["blue"].process->err();
  EXPECT_TRUE(connected(6));
  expect_all_handled();
  expect_one_echo_each();
  EXPECT_EQ(discord.gateway_count("identifies"), 4U + 6U);
}

TEST_F(four_shards, are_closed_by_the_next_process_after_a_kill) {
  begin_to_serve();
  ASSERT_EQ(command({"start", "bot1", "--to", "6"}), 0) << told;
  die_at(closes);
  EXPECT_TRUE(reaches("done")) << told << nodes["blue"].process->err();
  expect_all_handled();
  expect_one_echo_each();
  EXPECT_EQ(discord.gateway_count("identifies"), 4U + 6U);
}

TEST_F(four_shards, stay_when_a_person_ends_it_before_a_guild_went_over) {
  begin_to_serve();
  discord.fault({{"kind", "slow_ready"}, {"ms", 20'000}});
  ASSERT_EQ(command({"start", "bot1", "--to", "6"}), 0) << told;
  ASSERT_TRUE(logs("blue", begins)) << nodes["blue"].process->err();
  EXPECT_EQ(command({"start", "bot1", "--to", "8"}), 3) << told;
  EXPECT_EQ(program({"shards"}), 0) << told;
  EXPECT_THAT(told, HasSubstr("bot1 is changed from 4 to 6 shards: connecting"));
  EXPECT_EQ(command({"abort", "bot1", "--wait"}), 1) << told << nodes["blue"].process->err();
  EXPECT_EQ(text_of(status(), "state"), "aborted");
  EXPECT_EQ(command({"abort", "bot1"}), 3) << told;
  EXPECT_TRUE(connected(4));
  expect_all_handled();
  EXPECT_EQ(account.repeated(), 0U);
  expect_shards_by_command(4);
}

TEST_F(four_shards, stay_after_a_kill_while_it_is_given_up) {
  begin_to_serve();
  discord.fault({{"kind", "slow_ready"}, {"ms", 20'000}});
  ASSERT_EQ(command({"start", "bot1", "--to", "6"}), 0) << told;
  ASSERT_TRUE(logs("blue", begins)) << nodes["blue"].process->err();
  EXPECT_EQ(command({"abort", "bot1"}), 0) << told;
  kill("blue");
  run_node();
  EXPECT_TRUE(reaches("aborted")) << told << nodes["blue"].process->err();
  expect_all_handled();
  expect_one_echo_each();
}

TEST_F(four_shards, are_not_changed_by_what_cannot_be) {
  begin_to_serve();
  EXPECT_EQ(command({"start", "bot1", "--to", "4"}), 2) << told;
  EXPECT_EQ(command({"start", "bot1", "--to", "0"}), 2) << told;
  EXPECT_EQ(command({"abort", "bot1"}), 3) << told;
  EXPECT_EQ(command({"start", "bot1", "--to", "6", "--dry-run", "-o", "json"}), 0) << told;
  EXPECT_EQ(number_of(json::parse(told).as_object(), "identifies"), 6);
  EXPECT_TRUE(status().empty()) << "nothing was begun";
}

class four_shards_on_two_nodes : public four_shards {
 protected:
  // Both have some of the shards.
  void begin_to_serve_together() {
    begin_to_serve();
    node_plan plan = plan_of_node("green", "1");
    plan.echo_each = echo_each;
    start(plan);
    ASSERT_TRUE(eventually(patience, [&] { return owned_by("green") == 2; }))
        << nodes["green"].process->err();
  }
  [[nodiscard]] bool both_have_shards_again() {
    const std::ptrdiff_t blue = handled_by("blue");
    const std::ptrdiff_t green = handled_by("green");
    return eventually(patience, [&] { return handled_by("blue") > blue && handled_by("green") > green; });
  }
};

TEST_F(four_shards_on_two_nodes, come_together_become_six_and_spread_again) {
  begin_to_serve_together();
  EXPECT_EQ(command({"start", "bot1", "--to", "6", "--on", "violet"}), 3) << told;
  EXPECT_THAT(told, HasSubstr("Choose one of: blue, green."));
  EXPECT_EQ(command({"start", "bot1", "--to", "6", "--on", "green", "--wait"}), 0)
      << told << nodes["green"].process->err();
  EXPECT_THAT(told, HasSubstr("green runs both sets meanwhile; 2 shards come to it"));
  EXPECT_TRUE(connected(6));
  EXPECT_TRUE(both_have_shards_again()) << nodes["blue"].process->err();
  expect_nothing_lost(4 + 6);
  expect_one_echo_each();
  expect_shards_by_command(6);
}

TEST_F(four_shards_on_two_nodes, become_six_on_the_other_one_when_the_first_dies_amid_it) {
  begin_to_serve_together();
  ASSERT_EQ(command({"start", "bot1", "--to", "6", "--on", "green"}), 0) << told;
  ASSERT_TRUE(logs("green", moves)) << nodes["green"].process->err();
  kill("green");
  EXPECT_TRUE(reaches("done")) << told << nodes["blue"].process->err();
  EXPECT_TRUE(connected(6));
  expect_all_handled();
  expect_one_echo_each();
  EXPECT_EQ(discord.gateway_count("identifies"), 4U + 6U);
}

TEST_F(four_shards_on_two_nodes, stay_and_spread_again_when_a_person_ends_it) {
  begin_to_serve_together();
  discord.fault({{"kind", "slow_ready"}, {"ms", 20'000}});
  ASSERT_EQ(command({"start", "bot1", "--to", "6", "--on", "green"}), 0) << told;
  ASSERT_TRUE(logs("green", begins)) << nodes["green"].process->err();
  EXPECT_EQ(command({"abort", "bot1", "--wait"}), 1) << told;
  EXPECT_TRUE(both_have_shards_again()) << nodes["blue"].process->err();
  expect_all_handled();
  EXPECT_EQ(account.repeated(), 0U);
  expect_shards_by_command(4);
}

class four_shards_on_two_nodes_at_length : public four_shards_on_two_nodes {};

TEST_F(four_shards_on_two_nodes_at_length, are_left_by_a_node_that_was_frozen_all_the_time) {
  begin_to_serve_together();
  nodes["blue"].process->signal(SIGSTOP);
  ASSERT_TRUE(eventually(patience, [&] { return owned_by("green") == 4; })) << told;
  EXPECT_EQ(command({"start", "bot1", "--to", "6", "--wait"}), 0) << told << nodes["green"].process->err();
  nodes["blue"].process->signal(SIGCONT);
  EXPECT_TRUE(both_have_shards_again()) << nodes["blue"].process->err();
  expect_all_handled();
  expect_one_echo_each();
  expect_shards_by_command(6);
}

TEST_F(four_shards_on_two_nodes_at_length, become_six_on_the_other_one_though_the_first_comes_back) {
  begin_to_serve_together();
  ASSERT_EQ(command({"start", "bot1", "--to", "6", "--on", "green"}), 0) << told;
  ASSERT_TRUE(logs("green", moves)) << nodes["green"].process->err();
  nodes["green"].process->signal(SIGSTOP);
  EXPECT_TRUE(reaches("done")) << told << nodes["blue"].process->err();
  nodes["green"].process->signal(SIGCONT);
  EXPECT_TRUE(both_have_shards_again()) << nodes["green"].process->err();
  expect_all_handled();
  expect_one_echo_each();
  expect_shards_by_command(6);
  // It can change the number once more.
  EXPECT_EQ(command({"start", "bot1", "--to", "4", "--on", "green", "--wait"}), 0)
      << told << nodes["green"].process->err();
}

class six_shards_at_length : public reshard_base {
 protected:
  six_shards_at_length() : reshard_base(6) {}
};

TEST_F(six_shards_at_length, become_three_without_a_lost_or_a_doubled_event) {
  begin_to_serve();
  EXPECT_EQ(command({"start", "bot1", "--to", "3", "--wait"}), 0) << told << nodes["blue"].process->err();
  EXPECT_TRUE(connected(3)) << nodes["blue"].process->err();
  expect_nothing_lost(6 + 3);
  expect_one_echo_each();
  expect_shards_by_command(3);
}

class two_shards_at_length : public reshard_base {
 protected:
  two_shards_at_length() : reshard_base(2) {}
};

TEST_F(two_shards_at_length, become_three) {
  begin_to_serve();
  EXPECT_EQ(command({"start", "bot1", "--to", "3", "--wait"}), 0) << told << nodes["blue"].process->err();
  EXPECT_TRUE(connected(3)) << nodes["blue"].process->err();
  expect_nothing_lost(2 + 3);
}

class two_shards_on_a_server : public reshard_base {
 protected:
  two_shards_on_a_server() : reshard_base(2) {
    support::postgres_server& server = support::shared_postgres();
    database = server.url(server.make_database());
  }
};

TEST_F(two_shards_on_a_server, become_three_though_the_node_is_killed_while_guilds_go_over) {
  begin_to_serve();
  ASSERT_EQ(command({"start", "bot1", "--to", "3"}), 0) << told;
  ASSERT_TRUE(logs("blue", moves)) << nodes["blue"].process->err();
  kill("blue");
  run_node();
  EXPECT_TRUE(reaches("done")) << told << nodes["blue"].process->err();
  EXPECT_TRUE(connected(3)) << nodes["blue"].process->err();
  expect_all_handled();
  expect_one_echo_each();
  EXPECT_EQ(discord.gateway_count("identifies"), 2U + 3U);
}

class a_small_budget : public reshard_base {
 protected:
  a_small_budget() : reshard_base(4, 14) {}
};

TEST_F(a_small_budget, is_not_used_up) {
  begin_to_serve();
  EXPECT_EQ(command({"start", "bot1", "--to", "10"}), 3) << told;
  EXPECT_THAT(told, HasSubstr("10 new shards need 10 identifies"));
  EXPECT_TRUE(status().empty()) << "nothing was begun";
  expect_nothing_lost(4);
}

}  // namespace
}  // namespace guildfleet::integration

int main(int count, char** values) {
  return guildfleet::integration::tests_or_node(count, values, guildfleet::integration::run_node);
}
