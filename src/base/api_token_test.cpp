#include "base/api_token.hpp"

#include <gtest/gtest.h>

namespace guildfleet::base {
namespace {

TEST(api_token, is_new_each_time_and_safe_in_a_header) {
  const auto first = make_api_token();
  const auto second = make_api_token();
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(*first == *second);
  EXPECT_EQ(first->reveal().size(), 4U + 43U);
  EXPECT_TRUE(first->reveal().starts_with("gft_"));
  EXPECT_EQ(
      first->reveal().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string_view::npos);
}

// FIPS 180-4's example.
TEST(api_token, is_kept_as_its_sha_256) {
  const auto hash = hash_api_token("abc");
  EXPECT_EQ(hash[0], 0xBA);
  EXPECT_EQ(hash[1], 0x78);
  EXPECT_EQ(hash[31], 0xAD);
}

}  // namespace
}  // namespace guildfleet::base
