#include "fleet/guild_share.hpp"

#include <gmock/gmock.h>

#include "base/random.hpp"

namespace guildfleet::fleet {
namespace {

using discord::guild_id;

constexpr std::array shares{0.0, 0.01, 0.05, 0.1, 0.25, 0.29, 0.5, 0.75, 0.99, 1.0};

// As Discord mints them: milliseconds, worker, process, counter.
guild_id some_guild(base::random_source& random) {
  return {(random.below(1ULL << 41U) << 22U) | random.below(64)};
}

std::uint32_t whole_at(std::uint32_t count, double share) {
  const auto whole = places_at(count, 7, share).whole;
  return static_cast<std::uint32_t>(std::ranges::count(whole, true));
}

TEST(guild_share, nobody_is_in_at_0_and_everybody_at_1) {
  base::random_source random(1);
  for (int i = 0; i < 1'000; ++i) {
    const guild_id guild = some_guild(random);
    EXPECT_FALSE(in_share(guild, 7, 0));
    EXPECT_TRUE(in_share(guild, 7, 1));
  }
}

TEST(guild_share, is_spread_evenly_even_over_neighbouring_ids) {
  for (const double share : shares) {
    int in = 0;
    for (std::uint64_t i = 0; i < 20'000; ++i) in += in_share({(1'000'000 + i) << 22U}, 7, share) ? 1 : 0;
    EXPECT_NEAR(in / 20'000.0, share, 0.015);
  }
}

TEST(guild_share, another_rollout_chooses_other_guilds) {
  const std::uint64_t one = share_salt("music", "2.0");
  const std::uint64_t other = share_salt("music", "2.1");
  EXPECT_EQ(one, share_salt("music", "2.0"));
  int both = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i)
    both += in_share({i << 22U}, one, 0.1) && in_share({i << 22U}, other, 0.1);
  EXPECT_NEAR(both, 100, 50);
  EXPECT_NE(share_salt("ab", "c"), share_salt("a", "bc"));
}

TEST(guild_share, whole_shards_are_rounded_down) {
  struct row {
    std::uint32_t count;
    double share;
    std::uint32_t whole;
  };
  for (const row& each :
       {row{1, 0.99, 0}, row{1, 1, 1}, row{4, 0.05, 0}, row{4, 0.25, 1}, row{4, 0.6, 2}, row{100, 0.29, 29},
        row{100, 0.05, 5}, row{3, 0.5, 1}, row{3, 1, 3}, row{10, 0, 0}}) {
    EXPECT_EQ(whole_at(each.count, each.share), each.whole) << each.count << " at " << each.share;
  }
}

TEST(guild_share, with_whole_shards_enough_nothing_is_delegated) {
  EXPECT_FALSE(places_at(100, 7, 0.29).delegating);
  EXPECT_FALSE(places_at(4, 7, 0).delegating);
  EXPECT_FALSE(places_at(4, 7, 1).delegating);
}

TEST(guild_share, one_shard_delegates_all_that_is_below_1) {
  const release_places places = places_at(1, 7, 0.25);
  EXPECT_EQ(places.delegating, (discord::shard_id{0, 1}));
  EXPECT_DOUBLE_EQ(places.delegated_share, 0.25);
}

TEST(guild_share, together_they_are_the_share_of_all_guilds) {
  base::random_source random(2);
  for (const std::uint32_t count : {1U, 3U, 16U}) {
    for (const double share : shares) {
      const release_places places = places_at(count, 7, share);
      int in = 0;
      for (int i = 0; i < 5'000; ++i) {
        const guild_id guild = some_guild(random);
        const bool whole = places.whole[discord::shard_of(guild, count).index];
        const bool by_delegation = delegated(places, guild, 7, {});
        EXPECT_FALSE(whole && by_delegation);
        in += whole || by_delegation ? 1 : 0;
      }
      EXPECT_NEAR(in / 5'000.0, share, 0.03) << count << " shards";
    }
  }
}

TEST(guild_share, who_is_in_stays_in_as_the_share_grows) {
  const std::uint64_t seed = 20261127;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  base::random_source random(seed);
  for (const std::uint32_t count : {1U, 2U, 7U, 40U}) {
    std::vector<guild_id> guilds;
    for (int i = 0; i < 100; ++i) guilds.push_back(some_guild(random));
    std::vector<bool> was(guilds.size(), false);
    for (double share = 0; share <= 1.0; share += 0.02) {
      const release_places places = places_at(count, seed, share);
      for (std::size_t i = 0; i < guilds.size(); ++i) {
        const bool in =
            places.whole[discord::shard_of(guilds[i], count).index] || delegated(places, guilds[i], seed, {});
        ASSERT_TRUE(in || !was[i]) << count << " shards at " << share;
        was[i] = in;
      }
    }
  }
}

TEST(guild_share, chosen_guilds_are_delegated_unless_their_shard_moved) {
  const std::array chosen{guild_id{5ULL << 22U}};
  EXPECT_TRUE(delegated(places_at(4, 7, 0), chosen[0], 7, chosen));
  EXPECT_FALSE(delegated(places_at(4, 7, 0), {6ULL << 22U}, 7, chosen));
  EXPECT_FALSE(delegated(places_at(4, 7, 1), chosen[0], 7, chosen));
}

}  // namespace
}  // namespace guildfleet::fleet
