#include "fleet/shard_balance.hpp"

#include <gmock/gmock.h>

#include "base/random.hpp"

namespace guildfleet::fleet {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint32_t any_number = 1'000;

// Owners as letters: "a" to "z" are the nodes, "." is nobody, "?" a stranger.
balance_view view_of(std::string_view owners, std::vector<balance_node> nodes, std::size_t self = 0) {
  balance_view view{std::move(nodes), self, {}};
  for (const char each : owners) {
    view.owners.push_back(each == '.'   ? nobody
                          : each == '?' ? a_stranger
                                        : static_cast<std::size_t>(each - 'a'));
  }
  return view;
}

std::vector<balance_node> equal_nodes(std::size_t count) {
  std::vector<balance_node> nodes;
  for (std::size_t i = 0; i < count; ++i)
    nodes.push_back({.name = std::string(1, static_cast<char>('a' + i))});
  return nodes;
}

TEST(shard_balance, one_node_takes_everything) {
  EXPECT_THAT(balance(view_of("....", equal_nodes(1)), any_number).take, ElementsAre(0, 1, 2, 3));
}

TEST(shard_balance, nodes_share_what_is_free_without_a_word) {
  EXPECT_THAT(balance(view_of("....", equal_nodes(2), 0), any_number).take, ElementsAre(0, 2));
  EXPECT_THAT(balance(view_of("....", equal_nodes(2), 1), any_number).take, ElementsAre(1, 3));
}

TEST(shard_balance, with_fewer_shards_than_nodes_the_rest_stand_by) {
  EXPECT_THAT(balance(view_of("a", equal_nodes(3), 1), any_number).take, IsEmpty());
  EXPECT_THAT(balance(view_of("b", equal_nodes(3), 1), any_number).give, IsEmpty()) << "it stays where it is";
}

TEST(shard_balance, shares_follow_the_weights) {
  auto nodes = equal_nodes(3);
  nodes[1].weight = 2;
  EXPECT_THAT(fair_shares(view_of("........", nodes)), ElementsAre(2, 4, 2));
  nodes[0].weight = 0;
  EXPECT_THAT(fair_shares(view_of("......", nodes)), ElementsAre(0, 4, 2));
}

TEST(shard_balance, nodes_of_weight_0_take_over_once_no_other_is_left) {
  auto nodes = equal_nodes(2);
  nodes[0].weight = 0;
  EXPECT_THAT(fair_shares(view_of("....", nodes)), ElementsAre(0, 4));
  nodes[1].draining = true;
  EXPECT_THAT(fair_shares(view_of("....", nodes)), ElementsAre(4, 0));
}

TEST(shard_balance, a_new_node_is_given_no_more_than_its_share) {
  const balance_step step = balance(view_of("aaaabbbb", equal_nodes(3), 0), any_number);
  EXPECT_THAT(step.give, ElementsAre(shard_move{3, 2}));
  EXPECT_THAT(balance(view_of("aaaabbbb", equal_nodes(3), 1), any_number).give,
              ElementsAre(shard_move{7, 2}));
  EXPECT_THAT(balance(view_of("aaabbbcc", equal_nodes(3), 0), any_number).give, IsEmpty());
}

TEST(shard_balance, who_has_one_more_keeps_it) {
  EXPECT_THAT(balance(view_of("abb", equal_nodes(2), 1), any_number).give, IsEmpty());
  EXPECT_THAT(balance(view_of("aab", equal_nodes(2), 0), any_number).give, IsEmpty());
}

TEST(shard_balance, moves_are_limited_but_not_those_of_a_node_that_drains) {
  EXPECT_EQ(balance(view_of("aaaaaaaa", equal_nodes(2), 0), 1).give.size(), 1U);
  EXPECT_EQ(balance(view_of("aaaaaaaa", equal_nodes(2), 0), 0).give.size(), 0U);
  auto nodes = equal_nodes(2);
  nodes[0].draining = true;
  EXPECT_EQ(balance(view_of("aaaaaaaa", nodes, 0), 0).give.size(), 8U);
}

TEST(shard_balance, a_draining_node_takes_nothing_and_gives_nothing_to_nobody) {
  auto nodes = equal_nodes(1);
  nodes[0].draining = true;
  const balance_step step = balance(view_of("aa..", nodes), any_number);
  EXPECT_THAT(step.take, IsEmpty());
  EXPECT_THAT(step.give, IsEmpty());
}

TEST(shard_balance, what_a_stranger_holds_waits_until_it_is_free) {
  EXPECT_THAT(balance(view_of("??..", equal_nodes(1)), any_number).take, ElementsAre(2, 3));
}

// Any number of nodes that come, go, drain and die, each deciding by itself and in any order: no shard is
// taken by two from one picture, and once nothing changes every node has its share after few steps.
TEST(shard_balance, settles_after_any_history) {
  const std::uint64_t seed = 4'711;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  base::random_source random(seed);
  for (int round = 0; round < 20'000; ++round) {
    auto nodes = equal_nodes(1 + random.below(6));
    for (balance_node& node : nodes) {
      node.weight = static_cast<std::uint32_t>(random.below(4));
      node.draining = random.below(6) == 0;
    }
    balance_view view{nodes, 0, {}};
    const std::size_t shards = 1 + random.below(24);
    for (std::size_t i = 0; i < shards; ++i)
      view.owners.push_back(random.below(3) == 0 ? nobody : random.below(nodes.size()));
    const bool somebody_takes =
        std::ranges::any_of(nodes, [](const balance_node& node) { return !node.draining; });
    for (int step = 0; step < 3; ++step) {
      const balance_view seen = view;
      for (std::size_t self = 0; self < nodes.size(); ++self) {
        balance_view own = seen;
        own.self = self;
        const balance_step decided = balance(own, any_number);
        for (const std::uint32_t shard : decided.take) {
          ASSERT_EQ(view.owners[shard], nobody) << "taken by two from one picture";
          view.owners[shard] = self;
        }
        for (const shard_move& move : decided.give) {
          ASSERT_EQ(view.owners[move.shard], self);
          ASSERT_NE(move.to, self);
          view.owners[move.shard] = move.to;
        }
      }
    }
    if (!somebody_takes) continue;
    const auto shares = fair_shares(view);
    std::vector<std::uint32_t> held(nodes.size(), 0);
    for (const std::size_t owner : view.owners) {
      ASSERT_NE(owner, nobody);
      ++held[owner];
    }
    ASSERT_EQ(held, shares) << "round " << round;
  }
}

}  // namespace
}  // namespace guildfleet::fleet
