// What a service manager is told in the life of a node, without a socket.
#include "cli/service_notices.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guildfleet::cli {
namespace {

using namespace std::chrono_literals;
using bot::shard_state;
using testing::HasSubstr;
using testing::Not;

constexpr base::steady_time start{1h};

bot::bot_health bot_with(const char* name, std::vector<bot::shard_health> shards) {
  return {.name = name, .shards = std::move(shards)};
}

bot::shard_health shard(bool held, shard_state state) {
  return {.shard = {0, 1}, .state = state, .held = held};
}

bot::fleet_snapshot node_with(std::vector<bot::bot_health> bots) {
  return {.loops = {{"loop-0", 100ms}}, .bots = std::move(bots)};
}

bot::fleet_snapshot stopping_with(std::size_t shards) {
  auto out = node_with({bot_with("music", std::vector(shards, shard(true, shard_state::connected)))});
  out.stopping = true;
  return out;
}

bot::fleet_snapshot stuck_node() {
  auto out = node_with({});
  out.loops[0].last_turn_age = 6s;
  return out;
}

TEST(service_notices, tell_that_the_node_serves_before_discord_is_reached) {
  service_notices notices({});
  EXPECT_EQ(notices.look(node_with({bot_with("music", {}), bot_with("game", {})}), start),
            "READY=1\nSTATUS=2 bots, 0 ready\n");
}

TEST(service_notices, say_nothing_twice) {
  service_notices notices({});
  const auto same = node_with({bot_with("music", {})});
  (void)notices.look(same, start);
  EXPECT_EQ(notices.look(same, start + 1s), "");
}

struct status_case {
  bot::bot_health bot;
  std::string_view status;
};

TEST(service_notices, count_a_bot_as_ready_when_all_that_it_holds_is_connected) {
  const status_case cases[] = {
      {bot_with("a", {}), "1 bot, 0 ready"},
      {bot_with("a", {shard(true, shard_state::connected)}), "1 bot, 1 ready"},
      {bot_with("a", {shard(true, shard_state::connected), shard(true, shard_state::queued)}),
       "1 bot, 0 ready"},
      {bot_with("a", {shard(true, shard_state::connected), shard(false, shard_state::standby)}),
       "1 bot, 1 ready"},
      {bot_with("a", {shard(false, shard_state::standby)}), "1 bot, 0 ready, 1 standing by"},
      {{.name = "a",
        .problem = "the token is refused:\ncall somebody",
        .stopped = true,
        .shards = {shard(true, shard_state::connected)}},
       "1 bot, 0 ready; a: the token is refused: call somebody"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(service_notices({}).look(node_with({each.bot}), start),
              fmt::format("READY=1\nSTATUS={}\n", each.status));
  }
}

TEST(service_notices, hold_a_problem_of_any_length_in_one_line) {
  const std::string told =
      service_notices({}).look(node_with({{.name = "a", .problem = std::string(10'000, 'x')}}), start);
  EXPECT_LT(told.size(), 300U);
}

TEST(service_notices, give_a_sign_of_life_each_half_of_the_watchdogs_time) {
  service_notices notices(10s);
  const auto well = node_with({});
  EXPECT_THAT(notices.look(well, start), HasSubstr("WATCHDOG=1\n"));
  EXPECT_EQ(notices.look(well, start + 4s), "");
  EXPECT_EQ(notices.next_look(), start + 5s);
  EXPECT_EQ(notices.look(well, start + 5s), "WATCHDOG=1\n");
}

TEST(service_notices, give_no_sign_of_life_while_a_loop_is_stuck) {
  service_notices notices(10s);
  EXPECT_THAT(notices.look(stuck_node(), start), Not(HasSubstr("WATCHDOG")));
  EXPECT_EQ(notices.look(stuck_node(), start + 5s), "");
  EXPECT_GT(notices.next_look(), start + 5s);
  EXPECT_EQ(notices.look(node_with({}), start + 6s), "WATCHDOG=1\n");
}

TEST(service_notices, look_as_often_as_a_short_watchdog_needs) {
  service_notices notices(20ms);
  (void)notices.look(node_with({}), start);
  EXPECT_EQ(notices.next_look(), start + 10ms);
  (void)notices.look(stuck_node(), start + 10ms);
  EXPECT_EQ(notices.next_look(), start + 20ms);
}

TEST(service_notices, ask_for_more_time_as_long_as_shards_go) {
  service_notices notices({});
  (void)notices.look(node_with({}), start);
  EXPECT_EQ(notices.look(stopping_with(3), start + 1s),
            "STOPPING=1\nSTATUS=stopping, 3 shards to hand over\n");
  EXPECT_EQ(notices.look(stopping_with(3), start + 2s), "");
  EXPECT_EQ(notices.look(stopping_with(1), start + 3s),
            "EXTEND_TIMEOUT_USEC=30000000\nSTATUS=stopping, 1 shard to hand over\n");
  EXPECT_EQ(notices.look(stopping_with(1), start + 4s), "");
}

}  // namespace
}  // namespace guildfleet::cli
