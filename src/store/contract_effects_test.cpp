#include <gmock/gmock.h>

#include "store/contract_test.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;

const node_identity node_a{"alpha", 11 << 4};
const node_identity node_b{"beta", 13 << 4};
const lease_key shard{{"music"}, {0, 2}};

effect_key effect_of(std::uint64_t sequence, std::string action = "greet/1") {
  return {.shard = shard, .origin = "session", .sequence = sequence, .action = std::move(action)};
}

announced_effect announced(store& by, const effect_key& key) {
  auto outcome = by.announce(key);
  EXPECT_TRUE(outcome) << outcome.error().message();
  return std::move(outcome).value_or(announced_effect{});
}

const announced_effect new_one{};

void save_at(store& by, const std::string& session, std::uint64_t sequence) {
  const auto granted = by.acquire(shard, 15s);
  ASSERT_TRUE(granted);
  session_row row{.session_id = session,
                  .resume_url = "wss://resume.example",
                  .sequence = sequence,
                  .intents = 1,
                  .token_fingerprint = "0123456789abcdef",
                  .epoch = std::get<lease>(*granted).epoch};
  const auto saved = by.save(shard, row, {});
  ASSERT_TRUE(saved);
  ASSERT_EQ(*saved, write_outcome::written);
}

TEST_P(store_contract, an_effect_is_announced_once) {
  auto a = world->open(node_a);
  EXPECT_EQ(announced(*a, effect_of(7)), new_one);
  world->advance(90s);
  EXPECT_EQ(announced(*a, effect_of(7)), (announced_effect{.first = false, .ago = 90s, .outcome = ""}));
}

TEST_P(store_contract, another_node_learns_what_came_of_an_effect) {
  auto a = world->open(node_a);
  (void)announced(*a, effect_of(7));
  ASSERT_TRUE(a->conclude(effect_of(7), "123"));
  a.reset();
  auto b = world->open(node_b);
  EXPECT_EQ(announced(*b, effect_of(7)), (announced_effect{.first = false, .ago = 0ms, .outcome = "123"}));
}

TEST_P(store_contract, effects_differ_by_each_part_of_their_key) {
  auto a = world->open(node_a);
  (void)announced(*a, effect_of(7));
  EXPECT_EQ(announced(*a, effect_of(8)), new_one);
  EXPECT_EQ(announced(*a, effect_of(7, "greet/2")), new_one);
  effect_key other = effect_of(7);
  other.origin = "another session";
  EXPECT_EQ(announced(*a, other), new_one);
  other = effect_of(7);
  other.shard.shard.index = 1;
  EXPECT_EQ(announced(*a, other), new_one);
  other = effect_of(7);
  other.shard.bot.value = "game";
  EXPECT_EQ(announced(*a, other), new_one);
}

TEST_P(store_contract, effects_are_forgotten_when_the_stored_sequence_has_passed_them) {
  auto a = world->open(node_a);
  (void)announced(*a, effect_of(7));
  (void)announced(*a, effect_of(8));
  save_at(*a, "session", 7);
  EXPECT_EQ(announced(*a, effect_of(7)), new_one);
  EXPECT_FALSE(announced(*a, effect_of(8)).first);
}

TEST_P(store_contract, effects_of_an_ended_session_are_forgotten_after_eight_days) {
  auto a = world->open(node_a);
  (void)announced(*a, effect_of(7));
  world->advance(8 * 24h - 1s);
  save_at(*a, "a later session", 50);
  EXPECT_FALSE(announced(*a, effect_of(7)).first);
  world->advance(2s);
  save_at(*a, "a later session", 51);
  EXPECT_EQ(announced(*a, effect_of(7)), new_one);
}

}  // namespace
}  // namespace guildfleet::store
