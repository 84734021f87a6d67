#include "fleet/guest_choice.hpp"

#include <gmock/gmock.h>

namespace guildfleet::fleet {
namespace {

using testing::Contains;

const store::bot_name music{"music"};
const store::lease_key only{music, {0, 1}};

store::node_row node(const std::string& name, const std::string& release, std::uint32_t count = 1) {
  store::node_row row;
  row.identity = {name, std::hash<std::string>()(name)};
  row.report.release = release;
  row.report.address = name + ":1";
  row.report.serves = {{music, count}};
  return row;
}

store::lease_row lease(const store::lease_key& key, const store::node_row& owner) {
  return {key, owner.identity, 1, std::chrono::milliseconds(5'000)};
}

release_rules rules(std::vector<double> steps, std::vector<discord::guild_id> chosen = {}) {
  rollout active{
      .bot = music, .from = "1", .to = "2", .steps = std::move(steps), .chosen = std::move(chosen)};
  active.salt = share_salt("music", "2");
  active.state = rollout_state::observing;
  return {{music, {"1", std::move(active)}}};
}

class delegated_guilds : public testing::Test {
 protected:
  store::node_row blue = node("blue", "1");
  store::node_row green = node("green", "2");
  store::fleet_picture seen{{blue, green}, {lease(only, blue)}, {}};
};

TEST_F(delegated_guilds, of_a_bot_with_one_shard_go_to_a_node_of_the_new_release) {
  const auto found = delegation_of(seen, rules({0.1, 1}), only);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->guest, green.identity);
  EXPECT_EQ(found->owner.identity, blue.identity);
  int covered = 0;
  for (std::uint64_t i = 1; i <= 10'000; ++i) covered += found->covers({i << 22U}) ? 1 : 0;
  EXPECT_NEAR(covered, 1'000, 150);
}

TEST_F(delegated_guilds, are_those_that_a_person_chose) {
  const auto found = delegation_of(seen, rules({0, 1}, {{77}}), only);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->covers({77}));
  EXPECT_FALSE(found->covers({78}));
}

TEST_F(delegated_guilds, are_none_without_a_rollout) {
  EXPECT_FALSE(delegation_of(seen, {}, only));
  EXPECT_FALSE(delegation_of(seen, {{music, {"1", std::nullopt}}}, only));
}

TEST_F(delegated_guilds, are_none_once_everything_is_the_new_releases) {
  EXPECT_FALSE(delegation_of(seen, rules({1}), only));
}

TEST_F(delegated_guilds, need_a_node_that_can_take_them) {
  for (const auto& spoil : std::vector<std::function<void(store::node_row&)>>{
           [](store::node_row& row) { row.report.draining = true; },
           [](store::node_row& row) { row.drain_asked = true; },
           [](store::node_row& row) { row.report.weight = 0; },
           [](store::node_row& row) { row.report.address.clear(); },
           [](store::node_row& row) { row.report.serves.clear(); },
           [](store::node_row& row) { row.report.release = "3"; }}) {
    seen.nodes[1] = green;
    spoil(seen.nodes[1]);
    EXPECT_FALSE(delegation_of(seen, rules({0.1, 1}), only));
  }
}

TEST_F(delegated_guilds, need_an_owner) {
  seen.leases[0].free_in = {};
  EXPECT_FALSE(delegation_of(seen, rules({0.1, 1}), only));
}

TEST_F(delegated_guilds, of_a_shard_that_is_the_new_releases_already_stay_there) {
  seen.leases = {lease(only, green)};
  EXPECT_FALSE(delegation_of(seen, rules({0.1, 1}), only));
}

TEST(delegating_shards, is_one_at_most_without_chosen_guilds) {
  const auto active = *rules({0.3, 1}).at(music).active;
  EXPECT_EQ(delegating_shards(active, 1), 1U);
  EXPECT_EQ(delegating_shards(active, 10), 0U);
  EXPECT_EQ(delegating_shards(active, 8), 1U);
}

TEST(delegating_shards, are_those_of_the_chosen_guilds) {
  const auto active = *rules({0, 1}, {{1ULL << 22U}, {2ULL << 22U}, {9ULL << 22U}}).at(music).active;
  EXPECT_EQ(delegating_shards(active, 8), 2U) << "the first and the last have the same shard";
}

TEST(delegating_shards, of_many_shards_spread_over_the_new_nodes) {
  store::fleet_picture seen;
  seen.nodes = {node("a", "2", 64), node("b", "2", 64), node("blue", "1", 64)};
  std::vector<discord::guild_id> chosen;
  for (std::uint32_t index = 0; index < 64; ++index) {
    seen.leases.push_back(lease({music, {index, 64}}, seen.nodes[2]));
    chosen.push_back({std::uint64_t{index} << 22U});
  }
  const auto active = rules({0, 1}, chosen);
  std::map<std::string, int> guests;
  for (const store::lease_row& each : seen.leases)
    ++guests[delegation_of(seen, active, each.key)->guest.name];
  EXPECT_GT(guests["a"], 16);
  EXPECT_GT(guests["b"], 16);
}

}  // namespace
}  // namespace guildfleet::fleet
