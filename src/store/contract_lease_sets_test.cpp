#include <array>
#include <map>
#include <thread>

#include "store/contract_fleet_test.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<lease_key> shards_of(std::uint32_t count) {
  std::vector<lease_key> keys;
  for (std::uint32_t index = 0; index < count; ++index) keys.push_back({{"large"}, {index, count}});
  return keys;
}

void attends(store& node) {
  EXPECT_TRUE(node.attend({}, ttl));
}

std::optional<lease> handed_over(store& from, const lease_key& key, std::uint64_t epoch,
                                 const node_identity& to) {
  auto moved = from.transfer(key, epoch, to, 10s);
  EXPECT_TRUE(moved) << moved.error().message();
  return moved.value_or(std::nullopt);
}

TEST_P(store_contract, takes_in_one_call_what_is_free_own_or_expired) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  const auto keys = shards_of(6);
  acquired(*b, keys[1]);  // will be expired
  world->advance(ttl - 1ms);
  acquired(*b, keys[2]);
  acquired(*a, keys[3]);
  acquired(*b, keys[4]);
  ASSERT_TRUE(b->release(std::array{keys[4]}));
  EXPECT_THAT(acquired_all(*a, std::array{keys[1]}), IsEmpty());
  world->advance(1ms);
  EXPECT_THAT(acquired_all(*a, std::array{keys[3], keys[4], keys[0], keys[1], keys[2], keys[0]}),
              ElementsAre(lease{keys[0], 1}, lease{keys[1], 2}, lease{keys[3], 1}, lease{keys[4], 2}));
  EXPECT_THAT(surveyed(*a).leases,
              ElementsAre(is_lease(keys[0], "alpha", 1, ttl), is_lease(keys[1], "alpha", 2, ttl),
                          is_lease(keys[2], "beta", 1, ttl - 1ms), is_lease(keys[3], "alpha", 1, ttl),
                          is_lease(keys[4], "alpha", 2, ttl)));
}

TEST_P(store_contract, taking_nothing_gives_nothing) {
  auto a = world->open(node_a);
  EXPECT_THAT(acquired_all(*a, {}), IsEmpty());
}

TEST_P(store_contract, takes_nothing_at_once_while_a_living_process_of_its_name_has_some) {
  auto a = world->open(node_a);
  auto twin = world->open(node_a_restarted);
  acquired(*a, second);
  const auto refused = twin->acquire_all(std::array{first, second}, ttl);
  ASSERT_TRUE(runs_twice(refused));
  EXPECT_THAT(refused.error().message(), testing::HasSubstr("bot music"));
  EXPECT_THAT(surveyed(*a).leases, ElementsAre(is_lease(second, "alpha", 1, ttl)));
}

TEST_P(store_contract, takes_a_dead_nodes_leases_once_its_death_is_proven_or_its_term_over) {
  auto a = world->open(node_a);
  const auto keys = shards_of(4);
  acquired_all(*a, keys);
  a.reset();
  auto b = world->open(node_b);
  if (!world->proves_death()) {
    EXPECT_THAT(acquired_all(*b, keys), IsEmpty());
    world->advance(ttl);
  }
  const auto taken = acquired_all(*b, keys);
  EXPECT_THAT(taken, SizeIs(4));
  EXPECT_THAT(taken, testing::Each(testing::Field(&lease::epoch, 2U)));
}

TEST_P(store_contract, nodes_that_take_at_once_get_disjoint_sets) {
  constexpr std::uint32_t count = 200;
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  auto keys = shards_of(count);
  acquired_all(*a, std::span(keys).first(count / 2));
  world->advance(ttl);
  std::vector<lease> taken_by_b;
  std::vector<lease_key> backwards(keys.rbegin(), keys.rend());
  std::thread neighbour([&] { taken_by_b = acquired_all(*b, backwards); });
  const auto taken_by_a = acquired_all(*a, keys);
  neighbour.join();
  std::map<lease_key, int> owners;
  for (const auto& taken : {taken_by_a, taken_by_b})
    for (const lease& each : taken) ++owners[each.key];
  EXPECT_THAT(owners, SizeIs(count));
  EXPECT_THAT(owners, testing::Each(testing::Pair(testing::_, 1)));
}

// The owner of expired leases renews them while another node takes them.
TEST_P(store_contract, taking_and_renewing_at_once_leaves_one_owner_of_each) {
  constexpr std::uint32_t count = 200;
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  const auto keys = shards_of(count);
  for (int round = 0; round < 5; ++round) {
    acquired_all(*a, keys);
    world->advance(ttl);
    std::vector<lease> taken;
    std::thread neighbour([&] { taken = acquired_all(*b, keys); });
    const std::vector<lease_key> backwards(keys.rbegin(), keys.rend());
    const auto renewed = a->renew_all(backwards, ttl);
    neighbour.join();
    ASSERT_TRUE(renewed) << renewed.error().message();
    EXPECT_EQ(renewed->size() + taken.size(), count);
    world->advance(ttl);
  }
}

TEST_P(store_contract, takes_renews_and_shows_two_thousand_leases_in_one_call_each) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  const auto keys = shards_of(2000);
  EXPECT_THAT(acquired_all(*b, std::span(keys).last(1)), SizeIs(1));
  EXPECT_THAT(acquired_all(*a, keys), SizeIs(1999));
  const auto renewed = a->renew_all(keys, ttl);
  ASSERT_TRUE(renewed);
  EXPECT_THAT(*renewed, SizeIs(1999));
  const auto picture = a->attend({.serves = {{{"large"}, 2000}}}, ttl);
  ASSERT_TRUE(picture);
  ASSERT_THAT(picture->leases, SizeIs(2000));
  EXPECT_THAT(picture->leases[1999], is_lease(keys[1999], "beta", 1, ttl));
}

TEST_P(store_contract, hands_a_lease_over_under_a_new_epoch) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  acquired(*a, first);
  world->advance(ttl);
  attends(*b);
  EXPECT_EQ(handed_over(*a, first, 1, node_b), (lease{first, 2}));
  EXPECT_THAT(surveyed(*a).leases, ElementsAre(is_lease(first, "beta", 2, 10s)));
  EXPECT_THAT(*a->renew_all(std::array{first}, ttl), IsEmpty());
  EXPECT_THAT(*b->renew_all(std::array{first}, ttl), ElementsAre(lease{first, 2}));
  EXPECT_EQ(acquired(*b, first), (lease{first, 2}));
}

TEST_P(store_contract, only_the_owner_hands_over_and_only_under_its_epoch) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  auto c = world->open(node_c);
  attends(*c);
  EXPECT_EQ(handed_over(*a, first, 0, node_c), std::nullopt) << "nobody owns it";
  acquired(*a, first);
  ASSERT_TRUE(a->release(std::array{first}));
  EXPECT_EQ(handed_over(*a, first, 1, node_c), std::nullopt) << "given up";
  acquired(*a, first);
  for (const std::uint64_t epoch : {0U, 1U, 3U})
    EXPECT_EQ(handed_over(*a, first, epoch, node_c), std::nullopt) << epoch;
  EXPECT_EQ(handed_over(*b, first, 2, node_c), std::nullopt);
  EXPECT_THAT(surveyed(*b).leases, ElementsAre(is_lease(first, "alpha", 2, ttl)));
}

TEST_P(store_contract, a_lease_handed_to_a_node_that_never_takes_it_up_is_free_when_its_term_is_over) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  auto c = world->open(node_c);
  attends(*c);
  acquired(*a, first);
  ASSERT_TRUE(handed_over(*a, first, 1, node_c));
  world->advance(10s);
  EXPECT_THAT(surveyed(*a).leases, ElementsAre(is_lease(first, "gamma", 2, 0s)));
  EXPECT_EQ(acquired(*b, first), (lease{first, 3}));
}

TEST_P(store_contract, nobody_hands_over_to_a_node_that_is_gone_or_drains) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  acquired(*a, first);
  EXPECT_EQ(handed_over(*a, first, 1, node_b), std::nullopt) << "it has never attended";
  EXPECT_TRUE(b->attend({.draining = true}, ttl));
  EXPECT_EQ(handed_over(*a, first, 1, node_b), std::nullopt) << "it drains";
  attends(*b);
  const node_identity before{"beta", 15 << 4};
  EXPECT_EQ(handed_over(*a, first, 1, before), std::nullopt) << "an earlier process of its name";
  world->advance(ttl);
  EXPECT_EQ(handed_over(*a, first, 1, node_b), std::nullopt) << "its term is over";
  attends(*b);
  EXPECT_EQ(handed_over(*a, first, 1, node_b), (lease{first, 2}));
}

TEST_P(store_contract, what_a_node_was_given_is_free_once_it_leaves) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  attends(*b);
  acquired(*a, first);
  acquired(*a, second);
  ASSERT_TRUE(handed_over(*a, first, 1, node_b));
  ASSERT_TRUE(b->leave());
  EXPECT_THAT(surveyed(*a).leases,
              ElementsAre(is_lease(first, "", 2, 0s), is_lease(second, "alpha", 1, ttl)));
  EXPECT_EQ(acquired(*a, first), (lease{first, 3}));
}

}  // namespace
}  // namespace guildfleet::store
