#include "base/secret.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace guildfleet::base {
namespace {

static_assert(!fmt::is_formattable<secret>::value);
static_assert(!std::is_convertible_v<secret, std::string>);
static_assert(!std::is_convertible_v<secret, std::string_view>);

TEST(secret, moved_from_is_empty) {
  secret a(std::string("short"));
  const secret b(std::move(a));
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_EQ(b.reveal(), "short");
}

TEST(secret, fingerprint_tells_apart_and_does_not_hold_the_value) {
  const secret a(std::string("token-a"));
  const secret b(std::string("token-b"));
  EXPECT_NE(a.fingerprint(), b.fingerprint());
  EXPECT_EQ(a.fingerprint(), secret(std::string("token-a")).fingerprint());
  EXPECT_EQ(a.fingerprint().size(), 16U);
}

TEST(secret, compares_by_value) {
  EXPECT_EQ(secret(std::string("x")), secret(std::string("x")));
  EXPECT_FALSE(secret(std::string("x")) == secret(std::string("xy")));
}

}  // namespace
}  // namespace guildfleet::base
