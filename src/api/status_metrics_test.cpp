#include "api/status_metrics.hpp"

#include <gtest/gtest.h>

namespace guildfleet::api {
namespace {

bot::fleet_snapshot one_bot(bot::shard_state first, bot::shard_state second) {
  bot::fleet_snapshot snapshot;
  snapshot.uptime = std::chrono::milliseconds(1500);
  bot::bot_health music;
  music.name = "music";
  music.shards.resize(2);
  music.shards[0].state = first;
  music.shards[0].guilds = 3;
  music.shards[1].state = second;
  music.shards[1].guilds = 4;
  music.shards[1].unavailable_guilds = 1;
  snapshot.bots.push_back(music);
  return snapshot;
}

TEST(status_metrics, follow_the_snapshot_at_each_scrape) {
  base::metrics metrics;
  status_metrics status(metrics);
  status.update(one_bot(bot::shard_state::connected, bot::shard_state::connecting), 1024);
  EXPECT_TRUE(metrics.expose().contains("guildfleet_gateway_shards{bot=\"music\",state=\"connecting\"} 1"));
  status.update(one_bot(bot::shard_state::connected, bot::shard_state::connected), 2048);
  const std::string text = metrics.expose();
  EXPECT_TRUE(text.contains("guildfleet_gateway_shards{bot=\"music\",state=\"connected\"} 2"));
  EXPECT_TRUE(text.contains("guildfleet_gateway_shards{bot=\"music\",state=\"connecting\"} 0"));
  EXPECT_TRUE(text.contains("guildfleet_bot_guilds{bot=\"music\"} 7"));
  EXPECT_TRUE(text.contains("guildfleet_bot_guilds_unavailable{bot=\"music\"} 1"));
  EXPECT_TRUE(text.contains("guildfleet_process_resident_bytes 2048"));
  EXPECT_TRUE(text.contains("guildfleet_process_uptime_seconds 1.5"));
}

}  // namespace
}  // namespace guildfleet::api
