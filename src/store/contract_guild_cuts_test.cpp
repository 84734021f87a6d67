#include "store/contract_fleet_test.hpp"

namespace guildfleet::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

inline const lease_key old_shard{{"music"}, {0, 1}};

// An operation, with the old shard and both new ones this node's.
struct begun {
  std::uint64_t operation = 0;
  std::uint64_t old_epoch = 0;
  std::uint64_t first_epoch = 0;
  std::uint64_t second_epoch = 0;
};

begun begin(store& by) {
  const auto outcome = by.start_rollout({"music"}, "{}", {});
  EXPECT_TRUE(outcome && std::holds_alternative<rollout_row>(*outcome));
  return {outcome ? std::get<rollout_row>(*outcome).id : 0, acquired(by, old_shard).epoch,
          acquired(by, first).epoch, acquired(by, second).epoch};
}

guild_cut_row cut_of(std::uint64_t guild, const lease_key& shard = first, std::string account = "{}") {
  return {.guild = {guild}, .shard = shard, .session_id = "session", .account = std::move(account)};
}

guild_cut_write write_of(const begun& all, guild_cut_row cut) {
  const std::uint64_t epoch = cut.shard == first ? all.first_epoch : all.second_epoch;
  return {std::move(cut), epoch, old_shard, all.old_epoch};
}

write_outcome written(store& by, const begun& all, const std::vector<guild_cut_write>& cuts) {
  const auto outcome = by.write_cuts(all.operation, cuts);
  EXPECT_TRUE(outcome) << outcome.error().message();
  return outcome.value_or(write_outcome::fenced);
}

TEST_P(store_contract, guild_cuts_are_written_together_and_seen_by_every_node) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  const begun all = begin(*a);
  const auto last = cut_of(1ULL << 62U, second, R"({"open":[7]})");
  EXPECT_EQ(written(*a, all, {write_of(all, last), write_of(all, cut_of(5))}), write_outcome::written);
  EXPECT_THAT(b->cuts(all.operation).value(), ElementsAre(cut_of(5), last));
  EXPECT_THAT(b->cuts(all.operation + 1).value(), IsEmpty());
}

TEST_P(store_contract, guild_cuts_stay_as_they_were_written_first) {
  auto a = world->open(node_a);
  const begun all = begin(*a);
  EXPECT_EQ(written(*a, all, {write_of(all, cut_of(5, first, "1"))}), write_outcome::written);
  EXPECT_EQ(written(*a, all, {write_of(all, cut_of(5, first, "2")), write_of(all, cut_of(6))}),
            write_outcome::written);
  EXPECT_THAT(a->cuts(all.operation).value(), ElementsAre(cut_of(5, first, "1"), cut_of(6)));
}

TEST_P(store_contract, guild_cuts_are_written_by_the_owners_of_the_new_shards) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  const begun all = begin(*a);
  guild_cut_write stale = write_of(all, cut_of(6, second));
  ++stale.epoch;
  EXPECT_EQ(written(*a, all, {write_of(all, cut_of(5)), stale}), write_outcome::fenced);
  EXPECT_EQ(written(*b, all, {write_of(all, cut_of(5))}), write_outcome::fenced);
  EXPECT_THAT(a->cuts(all.operation).value(), IsEmpty());
}

TEST_P(store_contract, guild_cuts_are_not_written_once_somebody_took_the_old_shard_over) {
  auto a = world->open(node_a);
  auto b = world->open(node_b);
  const begun all = begin(*a);
  ASSERT_TRUE(a->release(std::span(&old_shard, 1)));
  (void)acquired(*b, old_shard);
  EXPECT_EQ(written(*a, all, {write_of(all, cut_of(5))}), write_outcome::fenced);
  EXPECT_THAT(a->cuts(all.operation).value(), IsEmpty());
}

TEST_P(store_contract, guild_cuts_end_with_their_operation) {
  auto a = world->open(node_a);
  const begun all = begin(*a);
  EXPECT_EQ(written(*a, all, {write_of(all, cut_of(5))}), write_outcome::written);
  const auto moved_on = a->change_rollout({.id = all.operation, .version = 1, .state = "{}"}).value();
  ASSERT_TRUE(moved_on);
  EXPECT_THAT(a->cuts(all.operation).value(), ElementsAre(cut_of(5)));
  const auto ended =
      a->change_rollout({.id = all.operation, .version = moved_on->version, .state = "{}", .active = false});
  ASSERT_TRUE(ended.value());
  EXPECT_THAT(a->cuts(all.operation).value(), IsEmpty());
  EXPECT_EQ(written(*a, all, {write_of(all, cut_of(6))}), write_outcome::fenced);
}

TEST_P(store_contract, guild_cuts_have_a_bound) {
  auto a = world->open(node_a);
  const begun all = begin(*a);
  const std::vector<guild_cut_write> cuts{write_of(all, cut_of(5)),
                                          write_of(all, cut_of(6, first, std::string(largest_cut + 1, 'x')))};
  EXPECT_EQ(a->write_cuts(all.operation, cuts).error().code(), store_error::too_large);
  EXPECT_THAT(a->cuts(all.operation).value(), IsEmpty());
}

}  // namespace
}  // namespace guildfleet::store
