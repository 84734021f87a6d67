#include "cli/node_states.hpp"

#include <gtest/gtest.h>

namespace guildfleet::cli {
namespace {

using namespace std::chrono_literals;

TEST(conditions, of_shards_are_read_from_a_nodes_health) {
  const auto found = conditions_in(
      R"({"status":"ok","bot":"music","bots":[{"name":"music","shards":[
          {"id":3,"count":8,"state":"connected","held":true,"latency_ms":12,"last_event_ms":null,"guilds":40}]}]})",
      7);
  ASSERT_EQ(found.size(), 1U);
  const shard_condition& one = found.at({7, {{"music"}, {3, 8}}});
  EXPECT_EQ(one.state, "connected");
  EXPECT_EQ(one.latency, 12ms);
  EXPECT_EQ(one.last_event, std::nullopt);
  EXPECT_EQ(one.guilds, 40U);
}

TEST(conditions, are_none_in_what_is_something_else) {
  for (const char* text :
       {"", "[]", "{}", R"({"bots":[{"name":"music"}]})", R"({"bots":[{"name":"music","shards":[{}]}]})"})
    EXPECT_TRUE(conditions_in(text, 7).empty()) << text;
}

}  // namespace
}  // namespace guildfleet::cli
