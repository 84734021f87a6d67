#include "fleet/lagging_sequence.hpp"

#include <gtest/gtest.h>

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;

constexpr base::steady_time start{1h};

TEST(lagging_sequences, are_what_they_were_some_time_ago) {
  lagging_sequence low(10s);
  low.restart(1);
  EXPECT_EQ(low.at(start, 5), 1U);
  EXPECT_EQ(low.at(start + 4s, 7), 1U);
  EXPECT_EQ(low.at(start + 10s, 9), 5U);
  EXPECT_EQ(low.at(start + 14s, 9), 7U);
  EXPECT_EQ(low.at(start + 19s, 9), 7U);
  EXPECT_EQ(low.at(start + 20s, 9), 9U);
  EXPECT_EQ(low.at(start + 60s, 9), 9U);
}

TEST(lagging_sequences, stay_while_they_may_not_advance_and_then_for_as_long_again) {
  lagging_sequence low(10s);
  low.restart(1);
  EXPECT_EQ(low.at(start, 5), 1U);
  EXPECT_EQ(low.at(start + 10s, 6), 5U);
  EXPECT_EQ(low.at(start + 30s, 8, false), 5U);
  EXPECT_EQ(low.at(start + 31s, 8), 5U);
  EXPECT_EQ(low.at(start + 40s, 8), 5U);
  EXPECT_EQ(low.at(start + 41s, 8), 8U);
}

TEST(lagging_sequences, begin_anew_with_their_session) {
  lagging_sequence low(10s);
  low.restart(100);
  EXPECT_EQ(low.at(start, 120), 100U);
  low.restart(1);
  EXPECT_EQ(low.at(start + 20s, 3), 1U);
  EXPECT_EQ(low.at(start + 30s, 3), 3U);
}

}  // namespace
}  // namespace guildfleet::fleet
