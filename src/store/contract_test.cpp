#include "store/contract_test.hpp"

#include <array>
#include <gmock/gmock.h>

#include "store/error.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr auto ttl = 15'000ms;
const node_identity node_a{"alpha", 11 << 4};
const node_identity node_a_restarted{"alpha", 12 << 4};
const node_identity node_b{"beta", 13 << 4};
const lease_key first{{"music"}, {0, 2}};
const lease_key second{{"music"}, {1, 2}};
const lease_key other_bot{{"game"}, {0, 2}};

session_row row_of(std::uint64_t sequence, std::uint64_t epoch) {
  return {.session_id = "session",
          .resume_url = "wss://resume.example",
          .sequence = sequence,
          .intents = 513,
          .token_fingerprint = "0123456789abcdef",
          .epoch = epoch};
}

// A guild that falls on shard `index` of two.
discord::guild_id guild_on(std::uint64_t index, std::uint64_t which) {
  return {((which * 2 + index) << 22U) | 7U};
}

acquire_outcome acquired(store& node, const lease_key& key) {
  auto outcome = node.acquire(key, ttl);
  EXPECT_TRUE(outcome) << outcome.error().message();
  return outcome.value_or(held_by{});
}

acquire_outcome granted(const lease_key& key, std::uint64_t epoch) {
  return lease{.key = key, .epoch = epoch};
}

TEST_P(store_contract, grants_a_free_lease_with_the_first_epoch) {
  auto a = world->open(node_a);
  EXPECT_EQ(acquired(*a, first), granted(first, 1));
}

TEST_P(store_contract, grants_again_to_the_owner_with_the_same_epoch) {
  auto a = world->open(node_a);
  acquired(*a, first);
  world->advance(ttl * 2);
  EXPECT_EQ(acquired(*a, first), granted(first, 1));
}

TEST_P(store_contract, tells_who_holds_a_lease_and_for_how_long) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  acquired(*a, first);
  world->advance(4s);
  EXPECT_EQ(acquired(*b, first), acquire_outcome(held_by{.node = "alpha", .free_in = 11s}));
}

TEST_P(store_contract, gives_an_expired_lease_to_another_node_with_a_newer_epoch) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  acquired(*a, first);
  world->advance(ttl);
  EXPECT_EQ(acquired(*b, first), granted(first, 2));
  EXPECT_TRUE(std::holds_alternative<held_by>(acquired(*a, first)));
}

TEST_P(store_contract, keeps_bots_and_shard_counts_apart) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  acquired(*a, first);
  EXPECT_EQ(acquired(*b, other_bot), granted(other_bot, 1));
  const lease_key resharded{first.bot, {0, 4}};
  EXPECT_EQ(acquired(*b, resharded), granted(resharded, 1));
}

TEST_P(store_contract, renews_what_is_owned_and_leaves_out_what_is_not) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  acquired(*a, first);
  acquired(*b, second);
  const std::array keys{first, second};
  world->advance(10s);
  const auto renewed = a->renew_all(keys, ttl);
  ASSERT_TRUE(renewed);
  EXPECT_THAT(*renewed, ElementsAre(lease{first, 1}));
  world->advance(10s);
  EXPECT_EQ(acquired(*b, first), acquire_outcome(held_by{.node = "alpha", .free_in = 5s}));
}

TEST_P(store_contract, renews_only_the_named_leases) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  acquired(*a, first);
  acquired(*a, second);
  world->advance(10s);
  ASSERT_TRUE(a->renew_all(std::array{second}, ttl));
  world->advance(10s);
  EXPECT_EQ(acquired(*b, first), granted(first, 2));
  EXPECT_TRUE(std::holds_alternative<held_by>(acquired(*b, second)));
}

TEST_P(store_contract, renews_an_expired_lease_that_nobody_took_with_its_epoch) {
  auto a = world->open(node_a);
  acquired(*a, first);
  world->advance(ttl * 3);
  const auto renewed = a->renew_all(std::array{first}, ttl);
  ASSERT_TRUE(renewed);
  EXPECT_THAT(*renewed, ElementsAre(lease{first, 1}));
}

TEST_P(store_contract, renews_many_leases_of_many_bots) {
  auto a = world->open(node_a);
  for (const auto& key : {first, second, other_bot}) acquired(*a, key);
  const auto renewed = a->renew_all(std::array{first, second, other_bot}, ttl);
  ASSERT_TRUE(renewed);
  EXPECT_THAT(*renewed, UnorderedElementsAre(lease{first, 1}, lease{second, 1}, lease{other_bot, 1}));
}

TEST_P(store_contract, renewing_nothing_renews_nothing) {
  auto a = world->open(node_a);
  acquired(*a, first);
  const auto renewed = a->renew_all({}, ttl);
  ASSERT_TRUE(renewed);
  EXPECT_THAT(*renewed, IsEmpty());
}

TEST_P(store_contract, a_released_lease_is_free_at_once_under_a_new_epoch) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  acquired(*a, first);
  ASSERT_TRUE(a->release(std::array{first}));
  EXPECT_EQ(acquired(*b, first), granted(first, 2));
  ASSERT_TRUE(a->release(std::array{first}));
  EXPECT_TRUE(std::holds_alternative<held_by>(acquired(*a, first))) << "only its owner may release";
}

TEST_P(store_contract, a_bot_name_may_hold_any_character) {
  auto a = world->open(node_a);
  const lease_key odd{{"o'br\"ien\\\n]"}, {0, 1}};
  acquired(*a, odd);
  const auto renewed = a->renew_all(std::array{odd}, ttl);
  ASSERT_TRUE(renewed);
  EXPECT_THAT(*renewed, ElementsAre(lease{odd, 1}));
}

// Where death is not proven the dead one's lease runs out first.
TEST_P(store_contract, a_dead_nodes_lease_is_free_once_its_death_is_proven_or_its_term_over) {
  for (const node_identity& successor : {node_a_restarted, node_b}) {
    auto a = world->open(node_a);
    acquired(*a, first);
    a.reset();
    auto next = world->open(successor);
    if (!world->proves_death()) {
      const auto early = next->acquire(first, ttl);
      EXPECT_FALSE(early && std::holds_alternative<lease>(*early)) << successor.name;
      world->advance(ttl + 1ms);
    }
    EXPECT_TRUE(std::holds_alternative<lease>(acquired(*next, first))) << successor.name;
    ASSERT_TRUE(next->release(std::array{first}));
  }
}

TEST_P(store_contract, refuses_a_second_living_process_of_the_same_node_name) {
  auto a = world->open(node_a);
  auto twin = world->open(node_a_restarted);
  acquired(*a, first);
  const auto refused = twin->acquire(first, ttl);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), store_error::bot_runs_twice);
  EXPECT_THAT(refused.error().message(), testing::HasSubstr("bot music"));
  EXPECT_EQ(acquired(*twin, other_bot), granted(other_bot, 1)) << "other bots are no conflict";
}

TEST_P(store_contract, gives_back_the_session_that_was_saved) {
  auto a = world->open(node_a);
  acquired(*a, first);
  session_row row = row_of(0xffff'ffff'ffff'fff0U, 1);
  row.intents = 0x8000'0000'0000'0001U;
  ASSERT_EQ(a->save(first, row, {}), write_outcome::written);
  EXPECT_EQ(*a->load(first), std::optional(row));
  EXPECT_EQ(*a->load(second), std::nullopt);
  EXPECT_EQ(*a->load(other_bot), std::nullopt);
}

TEST_P(store_contract, a_later_save_replaces_the_earlier) {
  auto a = world->open(node_a);
  acquired(*a, first);
  ASSERT_EQ(a->save(first, row_of(1, 1), {}), write_outcome::written);
  ASSERT_EQ(a->save(first, row_of(2, 1), {}), write_outcome::written);
  EXPECT_EQ(*a->load(first), std::optional(row_of(2, 1)));
}

TEST_P(store_contract, fences_off_a_former_owner) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  acquired(*a, first);
  ASSERT_EQ(a->save(first, row_of(5, 1), {}), write_outcome::written);
  world->advance(ttl);
  acquired(*b, first);
  const std::array late{guild_change{guild_on(0, 1), "late"}};
  EXPECT_EQ(a->save(first, row_of(9, 1), late), write_outcome::fenced);
  EXPECT_EQ(a->forget(first, 1), write_outcome::fenced);
  EXPECT_EQ(*b->load(first), std::optional(row_of(5, 1)));
  EXPECT_THAT(*b->load_guilds(first), IsEmpty());
  EXPECT_EQ(b->save(first, row_of(7, 2), {}), write_outcome::written);
}

TEST_P(store_contract, a_forgotten_session_is_gone_and_its_guilds_stay) {
  auto a = world->open(node_a);
  acquired(*a, first);
  ASSERT_EQ(a->save(first, row_of(5, 1), std::array{guild_change{guild_on(0, 1), "state"}}),
            write_outcome::written);
  ASSERT_EQ(a->forget(first, 1), write_outcome::written);
  EXPECT_EQ(*a->load(first), std::nullopt);
  EXPECT_THAT(*a->load_guilds(first), testing::SizeIs(1));
}

TEST_P(store_contract, a_forgotten_session_still_fences) {
  auto a = world->open(node_a);
  ASSERT_EQ(a->forget(first, 3), write_outcome::written);
  EXPECT_EQ(a->save(first, row_of(1, 2), {}), write_outcome::fenced);
}

TEST_P(store_contract, keeps_replaces_and_removes_guild_states) {
  auto a = world->open(node_a);
  acquired(*a, first);
  const std::string bytes("\0binary\xff", 8);
  const auto kept = guild_on(0, 1);
  const auto removed = guild_on(0, 2);
  ASSERT_TRUE(
      a->save(first, row_of(1, 1), std::array{guild_change{kept, "old"}, guild_change{removed, "x"}}));
  ASSERT_TRUE(a->save(first, row_of(2, 1),
                      std::array{guild_change{kept, bytes}, guild_change{removed, std::nullopt}}));
  EXPECT_THAT(*a->load_guilds(first), ElementsAre(guild_blob{kept, bytes}));
}

TEST_P(store_contract, loads_the_guilds_of_one_shard_of_one_bot) {
  auto a = world->open(node_a);
  for (const auto& key : {first, second, other_bot}) acquired(*a, key);
  ASSERT_TRUE(a->save(first, row_of(1, 1), std::array{guild_change{guild_on(0, 1), "zero"}}));
  ASSERT_TRUE(a->save(second, row_of(1, 1), std::array{guild_change{guild_on(1, 1), "one"}}));
  ASSERT_TRUE(a->save(other_bot, row_of(1, 1), std::array{guild_change{guild_on(0, 1), "game"}}));
  EXPECT_THAT(*a->load_guilds(first), ElementsAre(guild_blob{guild_on(0, 1), "zero"}));
  EXPECT_THAT(*a->load_guilds(second), ElementsAre(guild_blob{guild_on(1, 1), "one"}));
  EXPECT_THAT(*a->load_guilds({first.bot, {0, 1}}), testing::SizeIs(2)) << "a smaller count reads them all";
}

TEST_P(store_contract, data_outlives_the_process) {
  auto a = world->open(node_a);
  acquired(*a, first);
  ASSERT_TRUE(a->save(first, row_of(5, 1), std::array{guild_change{guild_on(0, 1), "state"}}));
  a.reset();
  auto again = world->open(node_a_restarted);
  EXPECT_EQ(*again->load(first), std::optional(row_of(5, 1)));
  EXPECT_THAT(*again->load_guilds(first), testing::SizeIs(1));
}

}  // namespace
}  // namespace guildfleet::store
