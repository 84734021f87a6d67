#include "discord/model/ids.hpp"

#include <gtest/gtest.h>

namespace guildfleet::discord {
namespace {

TEST(ids, parses_decimal_digits_only) {
  EXPECT_EQ(parse_snowflake("41771983423143937"), 41771983423143937ULL);
  EXPECT_EQ(parse_snowflake("0"), 0ULL);
  EXPECT_EQ(parse_snowflake("18446744073709551615"), 18446744073709551615ULL);
  for (const char* bad : {"", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x10", "abc", "18446744073709551616",
                          "000000000000000000001"}) {
    EXPECT_EQ(parse_snowflake(bad), std::nullopt) << bad;
  }
}

TEST(ids, tells_when_an_id_was_made) {
  const auto id = parse_id<message_id>("175928847299117063");
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(id->created_at().time_since_epoch().count(), 1'462'015'105'796);
}

TEST(ids, routes_a_guild_to_its_shard) {
  EXPECT_EQ(shard_of(guild_id{41771983423143937ULL}, 1).index, 0U);
  EXPECT_EQ(shard_of(guild_id{(5ULL << 22U) | 7U}, 4), (shard_id{1, 4}));
}

TEST(ids, print_as_numbers) {
  EXPECT_EQ(fmt::format("{}", guild_id{42}), "42");
  EXPECT_EQ(fmt::format("{}", shard_id{1, 4}), "1/4");
}

}  // namespace
}  // namespace guildfleet::discord
