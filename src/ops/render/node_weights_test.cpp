#include "ops/render/node_weights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/rollout_json.hpp"

namespace guildfleet::ops {
namespace {

using namespace std::chrono_literals;

const store::bot_name music{"music"};

struct node {
  const char* name;
  const char* release;
  bool drains = false;
  std::chrono::milliseconds up_for = 1h;
};

// A service of two nodes, each with a twin.
class weights : public testing::Test {
 protected:
  weights() {
    of.name = "music";
    of.nodes = 2;
    active = fleet::plan_rollout({.bot = music, .from = "1", .to = "2"}, 4, base::wall_time(1h)).value();
    active.state = fleet::rollout_state::observing;
  }

  void live(std::initializer_list<node> nodes) {
    for (const node& each : nodes) {
      store::node_row row;
      row.identity = {each.name, ++incarnation};
      row.report.release = each.release;
      row.report.serves = {{music, 4}};
      row.report.draining = each.drains;
      row.up_for = each.up_for;
      seen.nodes.push_back(row);
    }
  }
  // Where a rollout left it.
  void settle(const std::string& release) { seen.releases = {{music, release, std::nullopt}}; }
  void roll(double share) {
    active.steps = share < 1 ? std::vector{share, 1.0} : std::vector{1.0};
    store::rollout_row row;
    row.bot = music;
    row.active = true;
    row.state = fleet::to_json(active);
    seen.releases = {{music, "1", row}};
  }
  // "music-1 3, music-1-green 1"
  [[nodiscard]] std::string told() const {
    std::vector<std::string> parts;
    for (const weighted_node& each : node_weights(of, music, seen))
      parts.push_back(fmt::format("{} {}", each.name, each.weight));
    return fmt::format("{}", fmt::join(parts, ", "));
  }

  service of;
  fleet::rollout active;
  store::fleet_picture seen;
  std::uint64_t incarnation = 0;
};

TEST_F(weights, are_those_of_the_usual_nodes_where_nobody_lives_yet) {
  EXPECT_EQ(told(), "music-1 1, music-2 1");
}

TEST_F(weights, leave_out_a_release_that_stands_by) {
  live({{"music-1", "1"}, {"music-1-green", "2"}, {"music-2", "1"}, {"music-2-green", "2"}});
  settle("1");
  EXPECT_EQ(told(), "music-1 1, music-2 1, music-1-green 0, music-2-green 0");
  settle("2");
  EXPECT_EQ(told(), "music-1 0, music-2 0, music-1-green 1, music-2-green 1");
}

TEST_F(weights, follow_the_release_that_has_the_shards_where_there_never_was_a_rollout) {
  live({{"music-1", "1"}, {"music-1-green", "2"}});
  EXPECT_EQ(told(), "music-1 1, music-1-green 1") << "nobody has a shard yet";
  seen.leases = {{{music, {0, 4}}, seen.nodes[0].identity, 1, 5s}};
  EXPECT_EQ(told(), "music-1 1, music-1-green 0");
}

TEST_F(weights, give_each_release_its_share_whatever_the_number_of_its_nodes) {
  live({{"music-1", "1"}, {"music-2", "1"}, {"music-1-green", "2"}});
  const struct {
    double share;
    const char* told;
  } cases[] = {{0.05, "music-1 19, music-2 19, music-1-green 2"},
               {0.25, "music-1 3, music-2 3, music-1-green 2"},
               {0.5, "music-1 1, music-2 1, music-1-green 2"},
               {0.000001, "music-1 9999, music-2 9999, music-1-green 2"},
               {0.999999, "music-1 1, music-2 1, music-1-green 19998"},
               {1, "music-1 0, music-2 0, music-1-green 1"}};
  for (const auto& each : cases) {
    roll(each.share);
    EXPECT_EQ(told(), each.told) << each.share;
  }
}

TEST_F(weights, follow_the_state_of_the_rollout) {
  using fleet::rollout_state;
  live({{"music-1", "1"}, {"music-1-green", "2"}});
  const struct {
    rollout_state state;
    const char* told;
  } cases[] = {{rollout_state::starting, "music-1 1, music-1-green 0"},
               {rollout_state::moving, "music-1 3, music-1-green 1"},
               {rollout_state::observing, "music-1 3, music-1-green 1"},
               {rollout_state::promoting, "music-1 0, music-1-green 1"},
               {rollout_state::rolling_back, "music-1 1, music-1-green 0"}};
  for (const auto& each : cases) {
    active.state = each.state;
    roll(0.25);
    EXPECT_EQ(told(), each.told) << fleet::name_of(each.state);
  }
  active.state = rollout_state::paused;
  active.paused_in = rollout_state::observing;
  roll(0.25);
  EXPECT_EQ(told(), "music-1 3, music-1-green 1");
}

TEST_F(weights, give_a_share_that_nobody_can_take_to_the_others) {
  live({{"music-1", "1"}, {"music-2", "1"}});
  roll(0.25);
  EXPECT_EQ(told(), "music-1 1, music-2 1") << "no node of the new release lives";
  roll(1);
  EXPECT_EQ(told(), "music-1 1, music-2 1");
  settle("3");
  EXPECT_EQ(told(), "music-1 1, music-2 1") << "none of the release that the bot is settled at";
}

TEST_F(weights, give_nothing_to_who_drains_while_another_does_not) {
  live({{"music-1", "1", true}, {"music-2", "1"}, {"music-1-green", "2"}});
  roll(0.5);
  EXPECT_EQ(told(), "music-1 0, music-2 1, music-1-green 1");
  settle("1");
  seen.nodes[1].drain_asked = true;
  EXPECT_EQ(told(), "music-1 0, music-2 0, music-1-green 1");
  seen.nodes[2].drain_asked = true;
  EXPECT_EQ(told(), "music-1 1, music-2 1, music-1-green 1") << "better than nobody";
}

TEST_F(weights, are_for_nodes_of_this_service_that_serve_the_bot) {
  live({{"music-1", "1"}, {"game-1", "1"}, {"music-3", "1"}, {"music-2", "1"}});
  seen.nodes[3].report.serves = {{{"game"}, 1}};
  EXPECT_EQ(told(), "music-1 1");
}

TEST_F(weights, take_the_younger_of_two_processes_of_one_name) {
  live({{"music-1", "1", true, 1h}, {"music-1", "2", false, 1s}, {"music-1-green", "1"}});
  settle("2");
  EXPECT_EQ(told(), "music-1 1, music-1-green 0");
}

TEST_F(weights, take_a_rollout_that_they_cannot_read_for_none) {
  live({{"music-1", "1"}, {"music-1-green", "2"}});
  roll(0.5);
  seen.releases[0].rollout->state = "{}";
  EXPECT_EQ(told(), "music-1 1, music-1-green 0");
}

}  // namespace
}  // namespace guildfleet::ops
