#include "fleet/release_plan.hpp"

#include <gmock/gmock.h>

#include "base/random.hpp"
#include "fleet/lease_plan.hpp"

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using store::fleet_picture;
using store::lease_key;
using store::node_identity;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const store::bot_name music{"music"};
constexpr std::uint32_t any_number = 1'000;

rollout at_half(rollout_state state = rollout_state::moving) {
  rollout of{.bot = music, .from = "1", .to = "2", .steps = {0.5, 1}};
  of.state = state;
  return of;
}

std::vector<std::size_t> eligible_of(const bot_releases& of, const std::vector<release_node>& nodes) {
  const auto groups = release_groups(of, 1, nodes);
  std::vector<std::size_t> eligible;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (groups.front().eligible[i]) eligible.push_back(i);
  }
  return eligible;
}

TEST(release_plan, without_a_rollout_any_release_serves) {
  EXPECT_THAT(eligible_of({}, {{"1"}, {"2"}}), ElementsAre(0, 1));
}

TEST(release_plan, a_settled_release_keeps_its_shards) {
  EXPECT_THAT(eligible_of({.settled = "1"}, {{"1"}, {"2"}, {"1"}}), ElementsAre(0, 2));
}

TEST(release_plan, anybody_serves_where_no_node_of_the_release_is_left) {
  EXPECT_THAT(eligible_of({.settled = "1"}, {{"2"}, {"3"}}), ElementsAre(0, 1));
  EXPECT_THAT(eligible_of({.settled = "1"}, {{"1", true}, {"2"}}), ElementsAre(0, 1))
      << "one that drains is none";
  EXPECT_THAT(eligible_of({.settled = "1"}, {{"1", true}, {"1"}, {"2"}}), ElementsAre(0, 1));
}

TEST(release_plan, a_rollout_splits_the_shards) {
  const auto wanted = releases_wanted(releases_after(at_half()), 8);
  EXPECT_EQ(std::ranges::count(wanted, "1"), 4);
  EXPECT_EQ(std::ranges::count(wanted, "2"), 4);
  const std::vector<release_node> nodes{{"1"}, {"2"}};
  EXPECT_THAT(release_groups(releases_after(at_half()), 8, nodes), SizeIs(2));
}

TEST(release_plan, groups_with_the_same_nodes_are_one) {
  const std::vector<release_node> nodes{{"3"}, {"3"}};
  const auto groups = release_groups(releases_after(at_half()), 8, nodes);
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_THAT(groups.front().shards, SizeIs(8));
}

TEST(release_plan, what_a_rollout_leaves_behind) {
  struct row {
    rollout_state state;
    std::string_view settled;
    std::string_view wanted;
  };
  for (const row& each :
       {row{rollout_state::done, "2", "2"}, row{rollout_state::rolled_back, "1", "1"},
        row{rollout_state::aborted, "1", "1"}, row{rollout_state::failed, "1", "1"},
        row{rollout_state::rolling_back, "1", "1"}, row{rollout_state::starting, "1", "1"}}) {
    const bot_releases after = releases_after(at_half(each.state));
    EXPECT_EQ(after.settled, each.settled) << name_of(each.state);
    EXPECT_THAT(releases_wanted(after, 4), Each(each.wanted)) << name_of(each.state);
    EXPECT_EQ(after.active.has_value(), !has_ended(each.state)) << name_of(each.state);
  }
}

// Nodes by letter, of the release that `releases` says.
class leases_by_release : public testing::Test {
 protected:
  void add_node(std::string name, std::string release, std::uint32_t weight = 1, bool draining = false) {
    store::node_row row;
    row.identity = {std::move(name), seen_.nodes.size() + 1};
    row.report.release = std::move(release);
    row.report.weight = weight;
    row.report.draining = draining;
    row.report.serves = {{music, count_}};
    seen_.nodes.push_back(row);
  }
  void own(std::uint32_t shard, std::size_t node) {
    std::erase_if(seen_.leases, [&](const store::lease_row& row) { return row.key.shard.index == shard; });
    seen_.leases.push_back({{music, {shard, count_}}, seen_.nodes[node].identity, 1, 10s});
  }
  // Each node decides, from one picture, what it takes and gives.
  std::size_t step(std::uint32_t moves = any_number) {
    const fleet_picture before = seen_;
    std::size_t changes = 0;
    for (std::size_t i = 0; i < before.nodes.size(); ++i) {
      const lease_plan plan = plan_leases(before, before.nodes[i].identity, {}, moves, rules_);
      changes += plan.take.size() + plan.give.size();
      for (const lease_key& key : plan.take) own(key.shard.index, i);
      for (const lease_gift& gift : plan.give) {
        const auto to = std::ranges::find(before.nodes, gift.to, &store::node_row::identity);
        own(gift.key.shard.index, static_cast<std::size_t>(to - before.nodes.begin()));
      }
    }
    return changes;
  }
  [[nodiscard]] std::vector<std::size_t> held() const {
    std::vector<std::size_t> counts(seen_.nodes.size(), 0);
    for (const store::lease_row& lease : seen_.leases) {
      const auto owner = std::ranges::find(seen_.nodes, lease.owner, &store::node_row::identity);
      if (owner != seen_.nodes.end()) ++counts[static_cast<std::size_t>(owner - seen_.nodes.begin())];
    }
    return counts;
  }

  std::uint32_t count_ = 8;
  fleet_picture seen_;
  release_rules rules_;
};

TEST_F(leases_by_release, a_node_of_another_release_stands_by) {
  add_node("a", "1");
  add_node("b", "2");
  rules_[music].settled = "1";
  step();
  EXPECT_THAT(held(), ElementsAre(8, 0));
  EXPECT_EQ(step(), 0U);
}

TEST_F(leases_by_release, a_rollout_moves_shards_without_a_limit) {
  add_node("a", "1");
  add_node("b", "2");
  rules_[music].settled = "1";
  step();
  rules_[music] = releases_after(at_half());
  step(0);
  EXPECT_THAT(held(), ElementsAre(4, 4));
  EXPECT_EQ(step(), 0U);
}

TEST_F(leases_by_release, each_release_balances_by_weight) {
  add_node("a", "1", 1);
  add_node("b", "1", 3);
  add_node("c", "2", 1);
  add_node("d", "2", 1);
  rules_[music] = releases_after(at_half());
  step();
  EXPECT_THAT(held(), ElementsAre(1, 3, 2, 2));
}

TEST_F(leases_by_release, the_other_release_serves_while_its_own_is_away) {
  add_node("a", "1", 1, true);
  add_node("b", "2");
  rules_[music].settled = "1";
  step();
  EXPECT_THAT(held(), ElementsAre(0, 8));
  seen_.nodes[0].report.draining = false;
  step();
  EXPECT_THAT(held(), ElementsAre(8, 0)) << "back home";
}

TEST_F(leases_by_release, balancing_is_limited_within_a_release) {
  add_node("a", "1");
  add_node("b", "1");
  add_node("c", "2");
  for (std::uint32_t shard = 0; shard < count_; ++shard) own(shard, 0);
  rules_[music].settled = "1";
  step(1);
  EXPECT_THAT(held(), ElementsAre(7, 1, 0));
}

// Any nodes, any rules: no shard is taken by two from one picture, and it settles where the rules want it.
TEST_F(leases_by_release, settles_under_any_rules) {
  const std::uint64_t seed = 815;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  base::random_source random(seed);
  for (int round = 0; round < 500; ++round) {
    seen_ = {};
    count_ = static_cast<std::uint32_t>(1 + random.below(12));
    const std::size_t nodes = 1 + random.below(5);
    bool some = false;
    for (std::size_t i = 0; i < nodes; ++i) {
      add_node(std::string(1, static_cast<char>('a' + i)), std::to_string(1 + random.below(3)),
               static_cast<std::uint32_t>(random.below(3)), random.below(5) == 0);
      some = some || !seen_.nodes.back().report.draining;
    }
    for (std::uint32_t shard = 0; shard < count_; ++shard) {
      if (random.below(2) == 0) own(shard, random.below(nodes));
    }
    rollout active = at_half();
    active.salt = random.next();
    active.steps = {random.unit(), 1};
    const bot_releases rule = random.below(2) == 0 ? bot_releases{.settled = "1"} : releases_after(active);
    rules_[music] = rule;
    for (int i = 0; i < 4; ++i) step();
    ASSERT_TRUE(step() == 0 || !some) << "round " << round;
    if (!some) continue;
    const auto wanted = releases_wanted(rule, count_);
    for (const store::lease_row& lease : seen_.leases) {
      const std::string& release = wanted[lease.key.shard.index];
      const auto lives = [&](const store::node_row& node) {
        return node.report.release == release && !node.report.draining;
      };
      const auto owner = std::ranges::find(seen_.nodes, lease.owner, &store::node_row::identity);
      ASSERT_TRUE(owner->report.release == release || std::ranges::none_of(seen_.nodes, lives))
          << "round " << round;
    }
    ASSERT_THAT(seen_.leases, SizeIs(count_)) << "round " << round;
  }
}

}  // namespace
}  // namespace guildfleet::fleet
