#include "api/readiness.hpp"

#include <gtest/gtest.h>

namespace guildfleet::api {
namespace {

using namespace std::chrono_literals;

bot::fleet_snapshot node_with(std::vector<bot::shard_health> shards) {
  bot::fleet_snapshot snapshot;
  snapshot.store_opened = true;
  snapshot.loops = {{"main", 100ms}};
  snapshot.bots.push_back({.name = "music", .shards = std::move(shards)});
  return snapshot;
}

bot::shard_health shard(std::uint32_t index, bool held,
                        std::optional<std::chrono::milliseconds> since_connected) {
  return {.shard = {index, 2}, .held = held, .since_connected = since_connected};
}

struct readiness_case {
  std::string_view what;
  bot::fleet_snapshot snapshot;
  std::string_view expected;
};

TEST(readiness, needs_the_store_and_every_held_shard) {
  auto closed = node_with({});
  closed.store_opened = false;
  auto stopping = node_with({shard(0, true, 0ms)});
  stopping.stopping = true;
  const readiness_case cases[] = {
      {"connected", node_with({shard(0, true, 0ms), shard(1, true, 0ms)}), "ready"},
      {"one is not", node_with({shard(0, true, 0ms), shard(1, true, std::nullopt)}),
       "shard 1/2 of music is not connected yet"},
      {"no shards are known yet", node_with({}), "music has not reached Discord yet"},
      {"standby holds none", node_with({shard(0, false, std::nullopt)}), "ready"},
      {"a short break counts as connected", node_with({shard(0, true, 60s)}), "ready"},
      {"a long one does not", node_with({shard(0, true, 61s)}), "shard 0/2 of music is not connected yet"},
      {"store closed", closed, "the store is not open yet"},
      {"stopping", stopping, "stopping"},
  };
  for (const auto& each : cases) {
    const verdict got = readiness_judge().judge(each.snapshot);
    EXPECT_EQ(got.text, each.expected) << each.what;
    EXPECT_EQ(got.good, each.expected == "ready") << each.what;
  }
}

TEST(readiness, a_later_outage_does_not_take_it_back_but_stopping_does) {
  readiness_judge judge;
  EXPECT_FALSE(judge.judge(node_with({shard(0, true, std::nullopt)})).good);
  EXPECT_TRUE(judge.judge(node_with({shard(0, true, 0ms)})).good);
  auto outage = node_with({shard(0, true, 2h), shard(1, true, std::nullopt)});
  outage.store_opened = false;
  EXPECT_TRUE(judge.judge(outage).good);
  outage.stopping = true;
  EXPECT_FALSE(judge.judge(outage).good);
}

TEST(liveness, depends_on_the_event_loops_alone) {
  auto snapshot = node_with({shard(0, true, std::nullopt)});
  snapshot.store_opened = false;
  EXPECT_TRUE(judge_liveness(snapshot, {}).good);
  snapshot.loops.push_back({"shards-1", 4999ms});
  EXPECT_TRUE(judge_liveness(snapshot, {}).good);
  snapshot.loops.back().last_turn_age = 5000ms;
  const verdict stuck = judge_liveness(snapshot, {});
  EXPECT_FALSE(stuck.good);
  EXPECT_EQ(stuck.text, "the event loop shards-1 has not turned for 5000 ms");
}

}  // namespace
}  // namespace guildfleet::api
