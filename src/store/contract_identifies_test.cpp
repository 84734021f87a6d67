#include <gmock/gmock.h>

#include "store/contract_test.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const node_identity node_a{"alpha", 11 << 4};
const node_identity node_a_restarted{"alpha", 12 << 4};
const node_identity node_b{"beta", 13 << 4};
const lease_key first{{"music"}, {0, 2}};
const lease_key second{{"music"}, {1, 2}};
const lease_key other_bot{{"game"}, {0, 2}};

constexpr identify_claim of_one_bucket{.max_concurrency = 1, .spacing = 5s};

TEST_P(store_contract, spaces_identifies_of_a_bucket_across_processes) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  EXPECT_TRUE(a->claim_identify(first, of_one_bucket).value().granted());
  world->advance(2s);
  EXPECT_EQ(b->claim_identify(second, of_one_bucket).value().wait, 3000ms);
  EXPECT_TRUE(b->claim_identify(second, {.max_concurrency = 2, .spacing = 5s}).value().granted())
      << "with a concurrency of 2 it is another bucket";
  EXPECT_TRUE(b->claim_identify(other_bot, of_one_bucket).value().granted())
      << "another bot has a budget of its own";
  world->advance(5s);
  EXPECT_TRUE(a->claim_identify(first, of_one_bucket).value().granted());
}

constexpr identify_claim on_its_way{.max_concurrency = 1, .spacing = 5s, .arrives_within = 4s};

TEST_P(store_contract, spaces_identifies_from_the_time_at_which_discord_answered) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  const auto sent = a->claim_identify(first, on_its_way).value();
  ASSERT_TRUE(sent.granted());
  world->advance(1s);
  EXPECT_EQ(b->claim_identify(second, on_its_way).value().wait, 4000ms) << "when it arrived at once";
  world->advance(1s);
  ASSERT_TRUE(a->identify_answered(sent.id, 500ms));
  EXPECT_EQ(b->claim_identify(second, on_its_way).value().wait, 4500ms);
  world->advance(4500ms);
  EXPECT_TRUE(b->claim_identify(second, on_its_way).value().granted());
}

TEST_P(store_contract, looks_often_while_an_identify_is_not_answered_and_waits_for_the_last_moment) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  ASSERT_TRUE(a->claim_identify(first, on_its_way).value().granted());
  world->advance(3900ms);
  EXPECT_EQ(b->claim_identify(second, on_its_way).value().wait, 1100ms);
  world->advance(1100ms);
  EXPECT_EQ(b->claim_identify(second, on_its_way).value().wait, look_for_answer_again);
  world->advance(3999ms);
  EXPECT_FALSE(b->claim_identify(second, on_its_way).value().granted());
  world->advance(1ms);
  EXPECT_TRUE(b->claim_identify(second, on_its_way).value().granted());
  EXPECT_EQ(b->identifies(first.bot).value().last_day, 2U);
}

TEST_P(store_contract, spaces_identifies_from_an_answer_that_comes_later_than_was_thought_possible) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  const auto sent = a->claim_identify(first, on_its_way).value();
  world->advance(7s);
  ASSERT_TRUE(a->identify_answered(sent.id, 0ms));
  EXPECT_EQ(b->claim_identify(second, on_its_way).value().wait, 5000ms);
}

TEST_P(store_contract, forgets_an_identify_that_was_not_sent) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  ASSERT_TRUE(a->note_identify_budget(first.bot, {.total = 10, .remaining = 5, .reset_after = 1h}, 0s));
  const auto granted = a->claim_identify(first, on_its_way).value();
  ASSERT_TRUE(a->identify_not_sent(granted.id));
  const auto next = b->claim_identify(second, on_its_way).value();
  EXPECT_TRUE(next.granted());
  EXPECT_EQ(next.left, 5U);
  ASSERT_TRUE(b->identify_answered(next.id, 0ms));
  ASSERT_TRUE(b->identify_not_sent(next.id));
  EXPECT_EQ(a->claim_identify(first, on_its_way).value().wait, 5000ms) << "what was answered was sent";
}

TEST_P(store_contract, counts_an_identify_that_is_on_its_way_once) {
  auto a = world->open(node_a);
  const auto sent = a->claim_identify(first, on_its_way).value();
  world->advance(1s);
  const identify_budget said{.total = 10, .remaining = 5, .max_concurrency = 1, .reset_after = 1h};
  ASSERT_TRUE(a->note_identify_budget(first.bot, said, 0s));
  EXPECT_EQ(a->identifies(first.bot).value().budget->used, 0U);
  world->advance(1s);
  ASSERT_TRUE(a->identify_answered(sent.id, 0ms));
  EXPECT_EQ(a->identifies(first.bot).value().budget->used, 0U);
}

TEST_P(store_contract, counts_what_all_processes_use_of_the_days_budget) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  const identify_budget said{.total = 10, .remaining = 5, .max_concurrency = 1, .reset_after = 1h};
  ASSERT_TRUE(a->claim_identify(first, of_one_bucket));
  world->advance(5s);
  ASSERT_TRUE(a->note_identify_budget(first.bot, said, 2s));
  EXPECT_EQ(b->identifies(first.bot).value().budget, (known_budget{.said = said, .age = 2s, .used = 0}));
  EXPECT_EQ(b->claim_identify(second, of_one_bucket).value().left, 5U);
  world->advance(5s);
  EXPECT_EQ(a->claim_identify(first, of_one_bucket).value().left, 4U);
  EXPECT_EQ(a->identifies(first.bot).value().budget->left(), 3U);
  EXPECT_EQ(a->identifies(other_bot.bot).value().budget, std::nullopt);
}

TEST_P(store_contract, keeps_back_what_it_is_told_to) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  ASSERT_TRUE(a->note_identify_budget(first.bot, {.total = 10, .remaining = 3, .reset_after = 1h}, 0s));
  constexpr identify_claim careful{.max_concurrency = 1, .keep_back = 2};
  EXPECT_TRUE(b->claim_identify(first, careful).value().granted());
  EXPECT_EQ(a->claim_identify(first, careful).value(), (claimed_identify{.kept_back = true, .left = 2}));
  EXPECT_EQ(a->identifies(first.bot).value().last_day, 1U) << "what is refused is not recorded";
  constexpr identify_claim bold{.max_concurrency = 1};
  EXPECT_TRUE(a->claim_identify(first, bold).value().granted());
  EXPECT_TRUE(a->claim_identify(first, bold).value().granted());
  EXPECT_EQ(a->claim_identify(first, bold).value(), (claimed_identify{.kept_back = true, .left = 0}))
      << "Discord would reset the token";
  world->advance(1h);
  const auto next_day = a->claim_identify(first, careful).value();
  EXPECT_TRUE(next_day.granted());
  EXPECT_EQ(next_day.left, 10U);
}

TEST_P(store_contract, an_older_answer_of_discord_does_not_take_the_place_of_a_newer) {
  auto a = world->open(node_a);
  ASSERT_TRUE(a->note_identify_budget(first.bot, {.total = 10, .remaining = 3}, 1s));
  ASSERT_TRUE(a->note_identify_budget(first.bot, {.total = 10, .remaining = 7}, 2s));
  EXPECT_EQ(a->identifies(first.bot).value().budget->said.remaining, 3U);
  ASSERT_TRUE(a->note_identify_budget(first.bot, {.total = 10, .remaining = 2}, 0s));
  EXPECT_EQ(a->identifies(first.bot).value().budget->said.remaining, 2U);
}

TEST_P(store_contract, tells_how_often_the_node_began_anew_with_an_identify) {
  for (const node_identity& life : {node_a, node_a_restarted, node_identity{node_a.name, 77}}) {
    auto process = world->open(life);
    ASSERT_TRUE(process->claim_identify(first, {}));
    ASSERT_TRUE(process->claim_identify(second, {}));
    world->advance(10s);
  }
  EXPECT_EQ(world->open(node_identity{node_a.name, 78})->identifies(first.bot).value().starts,
            (earlier_starts{.count = 3, .newest_ago = 10s}));
  EXPECT_EQ(world->open(node_identity{node_a.name, 77})->identifies(first.bot).value().starts,
            (earlier_starts{.count = 2, .newest_ago = 20s}));
  auto b = world->open(node_b);
  EXPECT_EQ(b->identifies(first.bot).value().starts, earlier_starts{});
  EXPECT_THAT(b->identifies(first.bot).value().by_shard,
              ElementsAre(identify_count{first.shard, 3}, identify_count{second.shard, 3}));
}

TEST_P(store_contract, remembers_the_identifies_of_a_day) {
  auto a = world->open(node_a);
  ASSERT_TRUE(a->claim_identify(first, of_one_bucket));
  world->advance(std::chrono::hours(2));
  ASSERT_TRUE(a->claim_identify(second, of_one_bucket));
  world->advance(10min);
  ASSERT_TRUE(a->claim_identify(first, of_one_bucket));
  world->advance(1s);
  const auto history = a->identifies(first.bot);
  ASSERT_TRUE(history);
  EXPECT_EQ(history->last_day, 3U);
  EXPECT_THAT(history->last_hour,
              ElementsAre(identify_record{first.shard, 1s}, identify_record{second.shard, 601s}));
  world->advance(std::chrono::hours(24));
  EXPECT_EQ(a->identifies(first.bot)->last_day, 0U);
}

}  // namespace
}  // namespace guildfleet::store
