#include "api/v1/failure_limit.hpp"

#include <gtest/gtest.h>

namespace guildfleet::api::v1 {
namespace {

using namespace std::chrono_literals;

TEST(failure_limit, allows_some_failures_at_once_and_then_one_for_each_refill) {
  failure_limit limit({.failures = 3, .refill = 10s});
  const base::steady_time start{1h};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(limit.wait_of("a", start), 0s) << i;
    limit.failed("a", start);
  }
  EXPECT_EQ(limit.wait_of("a", start), 10s);
  EXPECT_EQ(limit.wait_of("b", start), 0s) << "another address";
  EXPECT_EQ(limit.wait_of("a", start + 10s), 0s);
  limit.failed("a", start + 10s);
  EXPECT_EQ(limit.wait_of("a", start + 10s), 10s);
  EXPECT_EQ(limit.wait_of("a", start + 1h), 0s);
}

TEST(failure_limit, forgets_who_failed_longest_ago_when_there_are_too_many) {
  failure_limit limit({.failures = 1, .refill = 10s, .max_addresses = 2});
  const base::steady_time start{1h};
  limit.failed("a", start);
  limit.failed("b", start + 1s);
  limit.failed("c", start + 2s);
  EXPECT_EQ(limit.wait_of("a", start + 2s), 0s);
  EXPECT_GT(limit.wait_of("b", start + 2s), 0s);
  EXPECT_GT(limit.wait_of("c", start + 2s), 0s);
}

}  // namespace
}  // namespace guildfleet::api::v1
