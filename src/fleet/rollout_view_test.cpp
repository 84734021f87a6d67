#include "fleet/rollout_view.hpp"

#include <gmock/gmock.h>

#include "fleet/guild_share.hpp"
#include "fleet/release_figures.hpp"
#include "fleet/rollout_json.hpp"

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const store::bot_name music{"music"};

store::node_row node(const std::string& name, const std::string& release) {
  store::node_row row;
  row.identity = {name, std::hash<std::string>()(name)};
  row.report.release = release;
  row.report.address = name + ":1";
  row.report.serves = {{music, 4}};
  return row;
}

store::lease_row lease(std::uint32_t index, const store::node_row& owner,
                       std::chrono::milliseconds left = 5s) {
  return {{music, {index, 4}}, owner.identity, 1, left};
}

class seen_rollout : public testing::Test {
 protected:
  seen_rollout() {
    active =
        plan_rollout({.bot = music, .from = "1", .to = "2", .started_by = "a test"}, 4, base::wall_time(1h))
            .value();
    active.state = rollout_state::moving;
    seen.at_ms = std::chrono::milliseconds(1h).count() + 1'000;
  }
  store::release_sample sample(const store::node_row& of, std::uint32_t visits) const {
    return {music, of.identity, of.report.release, seen.at_ms, to_json(release_figures{.visits = visits})};
  }

  store::node_row blue = node("blue", "1");
  store::node_row cyan = node("cyan", "1");
  store::node_row green = node("green", "2");
  store::fleet_picture seen{{blue, cyan, green},
                            {lease(0, blue), lease(1, blue), lease(2, cyan), lease(3, green)}};
  rollout active;
};

TEST_F(seen_rollout, has_the_releases_that_own_the_shards) {
  seen.leases[1].free_in = 0ms;
  EXPECT_THAT(view_of(seen, active, {}).owners, ElementsAre("1", "", "1", "2"));
}

TEST_F(seen_rollout, has_the_strength_of_nodes_that_do_not_drain) {
  seen.nodes[0].report.weight = 3;
  seen.nodes[1].drain_asked = true;
  const auto strengths = view_of(seen, active, {}).strengths;
  EXPECT_EQ(strengths.at("1"), (release_strength{1, 3}));
  EXPECT_EQ(strengths.at("2"), (release_strength{1, 1}));
}

TEST_F(seen_rollout, is_delegated_once_its_guests_say_so) {
  ASSERT_EQ(placement_of(active).share, 0.05);
  EXPECT_EQ(view_of(seen, active, std::vector{sample(green, 0)}).delegation.share, 0);
  EXPECT_DOUBLE_EQ(view_of(seen, active, std::vector{sample(green, 0), sample(green, 1)}).delegation.share,
                   places_at(4, active.salt, 0.05).delegated_share);
}

TEST_F(seen_rollout, is_not_back_while_a_guest_is_left) {
  active.state = rollout_state::rolling_back;
  EXPECT_GT(view_of(seen, active, std::vector{sample(green, 1)}).delegation.share, 0);
  EXPECT_EQ(view_of(seen, active, std::vector{sample(green, 0)}).delegation.share, 0);
}

TEST_F(seen_rollout, is_judged_for_its_present_window) {
  active.state = rollout_state::observing;
  const judgement judged = view_of(seen, active, {}).judged;
  EXPECT_EQ(judged.window_from, active.since);
  EXPECT_EQ(judged.says.kind, verdict_kind::inconclusive) << judged.says.reason;
}

TEST_F(seen_rollout, costs_an_identify_a_shard_where_more_intents_are_asked_for) {
  const auto cost = [this] { return identifies_of_a_move(seen, music, "1", "2"); };
  for (store::node_row& each : seen.nodes) each.report.serves = {{music, 4, 0b0111}};
  EXPECT_EQ(cost(), 0U);
  seen.nodes[2].report.serves[0].intents = 0b0011;
  EXPECT_EQ(cost(), 0U) << "what is not asked for is not needed";
  seen.nodes[2].report.serves[0].intents = 0b1001;
  EXPECT_EQ(cost(), 4U);
  seen.nodes.pop_back();
  EXPECT_EQ(cost(), std::nullopt) << "nobody knows yet";
}

TEST_F(seen_rollout, is_moved_on_by_one_node) {
  EXPECT_TRUE(controls(seen, music, blue.identity));
  EXPECT_FALSE(controls(seen, music, cyan.identity));
  seen.nodes[0].report.draining = true;
  EXPECT_FALSE(controls(seen, music, blue.identity));
  EXPECT_TRUE(controls(seen, music, cyan.identity));
  EXPECT_FALSE(controls(seen, {"other"}, cyan.identity)) << "it does not serve that bot";
}

TEST_F(seen_rollout, and_the_settled_release_are_the_rules) {
  seen.releases = {
      {music, "1", store::rollout_row{.id = 1, .bot = music, .state = to_json(active), .active = true}}};
  const release_rules rules = rules_of(seen);
  EXPECT_EQ(rules.at(music).settled, "1");
  EXPECT_EQ(rules.at(music).active, active);
}

TEST_F(seen_rollout, of_the_past_counts_no_more_once_its_release_has_no_node_left) {
  seen.releases = {{music, "3", std::nullopt}};
  EXPECT_EQ(rules_of(seen).at(music).settled, "1") << "it runs most of the shards now";
}

TEST_F(seen_rollout, that_cannot_be_read_leaves_the_bot_where_it_is) {
  seen.releases = {{music, "2", store::rollout_row{.id = 1, .bot = music, .state = "{}", .active = true}}};
  EXPECT_EQ(rules_of(seen).at(music).settled, "2");
  EXPECT_FALSE(rules_of(seen).at(music).active);
}

TEST_F(seen_rollout, is_not_needed_for_a_release_to_stay) {
  EXPECT_EQ(rules_of(seen).at(music).settled, "1") << "it runs most of the shards";
  seen.leases = {lease(0, blue, 0ms), lease(1, green)};
  EXPECT_EQ(rules_of(seen).at(music).settled, "2") << "nobody else runs any";
  seen.leases = {lease(0, node("dead", "0"))};
  EXPECT_FALSE(rules_of(seen).contains(music)) << "its node is gone";
}

}  // namespace
}  // namespace guildfleet::fleet
