#include "fleet/experiments.hpp"

#include <cmath>
#include <gtest/gtest.h>

namespace guildfleet::fleet {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t percent = 10'000;
constexpr base::wall_time today{milliseconds(1'800'000'000'000)};

// As Discord mints them: the time in the upper bits, a counter in the lower ones.
discord::guild_id guild(std::uint64_t number) {
  return {((number * 7'919'000) << 22U) + number % 3};
}

experiment shared(std::string name, std::string feature, std::string variant, std::uint32_t percents) {
  return {std::move(name), std::move(feature), std::move(variant), percents * percent, {}, {}};
}

experiment listed(std::string name, std::string feature, std::string variant,
                  std::set<discord::guild_id> guilds) {
  return {std::move(name), std::move(feature), std::move(variant), std::nullopt, std::move(guilds), {}};
}

// These answers must not change with a release: servers would change their variants.
TEST(drawn, gives_a_guild_the_same_lot_for_ever) {
  const struct {
    std::uint64_t guild;
    std::string_view salt;
    std::uint32_t first_share;  // the smallest that takes it, in parts per million
  } cases[] = {
      {81'384'788'765'712'384U, "short-help", 981'645},
      {81'384'788'765'712'384U, "loud-help", 728'701},
      {613'425'648'685'547'541U, "short-help", 674'269},
      {1'100'000'000'000'000'000U, "short-help", 963'780},
  };
  for (const auto& each : cases) {
    EXPECT_TRUE(drawn({each.guild}, each.salt, each.first_share)) << each.guild << each.salt;
    EXPECT_FALSE(drawn({each.guild}, each.salt, each.first_share - 1)) << each.guild << each.salt;
  }
}

TEST(drawn, knows_nobody_and_everybody) {
  for (std::uint64_t i = 1; i <= 1'000; ++i) {
    EXPECT_FALSE(drawn(guild(i), "x", 0));
    EXPECT_TRUE(drawn(guild(i), "x", 1'000'000));
  }
}

TEST(drawn, who_is_in_a_share_stays_in_every_larger_one) {
  for (std::uint64_t i = 1; i <= 2'000; ++i) {
    bool in = false;
    for (std::uint32_t share = 0; share <= 1'000'000; share += 12'500) {
      const bool now = drawn(guild(i), "growing", share);
      EXPECT_TRUE(now || !in) << i << " left at " << share;
      in = now;
    }
  }
}

TEST(drawn, is_evenly_spread) {
  constexpr int guilds = 20'000;
  for (const std::string_view salt : {"a", "b", "short-help", "loud-help"}) {
    for (const std::uint32_t percents : {1U, 10U, 50U, 90U}) {
      int in = 0;
      for (std::uint64_t i = 1; i <= guilds; ++i) in += drawn(guild(i), salt, percents * percent) ? 1 : 0;
      const double expected = guilds * percents / 100.0;
      const double deviation = std::sqrt(expected * (100 - percents) / 100.0);
      EXPECT_NEAR(in, expected, 4 * deviation) << salt << " " << percents;
    }
  }
}

TEST(drawn, by_different_salts_is_independent) {
  constexpr int guilds = 20'000;
  int both = 0;
  for (std::uint64_t i = 1; i <= guilds; ++i)
    both += drawn(guild(i), "one", 50 * percent) && drawn(guild(i), "two", 50 * percent) ? 1 : 0;
  EXPECT_NEAR(both, guilds / 4, 250);
}

TEST(drawn, is_spread_within_each_shard_too) {
  for (std::uint32_t shard = 0; shard < 4; ++shard) {
    int all = 0;
    int in = 0;
    for (std::uint64_t i = 1; i <= 20'000; ++i) {
      if (discord::shard_of(guild(i * 3 + 1), 4).index != shard) continue;
      ++all;
      in += drawn(guild(i * 3 + 1), "sharded", 50 * percent) ? 1 : 0;
    }
    EXPECT_NEAR(in, all / 2, all / 20) << shard;
  }
}

struct group_case {
  std::string_view name;
  std::vector<experiment> experiments;
  discord::guild_id where;
  std::string_view variant;  // of "help"
  std::vector<experiment_group> groups;
};

TEST(experiments, decide_by_a_table) {
  using enum experiment_group;
  const discord::guild_id here = guild(1);
  const discord::guild_id there = guild(2);
  experiment over = listed("over", "help", "compact", {here});
  over.ends = today;
  experiment last_day = listed("last-day", "help", "compact", {here});
  last_day.ends = today + milliseconds(1);
  const group_case cases[] = {
      {"none", {}, here, "", {}},
      {"listed", {listed("a", "help", "compact", {here})}, here, "compact", {treated}},
      {"not listed", {listed("a", "help", "compact", {here})}, there, "", {control}},
      {"everybody", {shared("a", "help", "compact", 100)}, here, "compact", {treated}},
      {"nobody", {shared("a", "help", "compact", 0)}, here, "", {control}},
      {"another feature", {shared("a", "ping", "words", 100)}, here, "", {treated}},
      {"the first wins",
       {listed("a", "help", "compact", {here}), shared("b", "help", "visible", 100)},
       here,
       "compact",
       {treated, outside}},
      {"where the first does not reach the second counts",
       {listed("a", "help", "compact", {here}), shared("b", "help", "visible", 100)},
       there,
       "visible",
       {outside, treated}},
      {"two that agree",
       {listed("a", "help", "compact", {here}), shared("b", "help", "compact", 100)},
       here,
       "compact",
       {treated, treated}},
      {"two features",
       {shared("a", "help", "compact", 100), shared("b", "ping", "words", 0)},
       here,
       "compact",
       {treated, control}},
      {"over", {over}, here, "", {outside}},
      {"over, then the next",
       {over, listed("b", "help", "visible", {here})},
       here,
       "visible",
       {outside, treated}},
      {"the last moment", {last_day}, here, "compact", {treated}},
      {"a direct message", {shared("a", "help", "compact", 100)}, {}, "", {outside}},
  };
  for (const group_case& each : cases) {
    SCOPED_TRACE(each.name);
    const experiment_list subject(each.experiments);
    EXPECT_EQ(subject.variant_of("help", each.where, today), each.variant);
    for (std::size_t i = 0; i < each.groups.size(); ++i)
      EXPECT_EQ(subject.group_of(i, each.where, today), each.groups[i]) << i;
  }
}

TEST(experiments, of_all_features_are_listed_once_each) {
  const experiment_list subject({shared("a", "help", "compact", 100), shared("b", "ping", "words", 100),
                                 shared("c", "help", "visible", 100), shared("d", "about", "x", 0)});
  EXPECT_EQ(subject.variants_in(guild(1), today),
            (std::vector<given_variant>{{"help", "compact"}, {"ping", "words"}}));
  EXPECT_TRUE(subject.variants_in({}, today).empty());
}

}  // namespace
}  // namespace guildfleet::fleet
