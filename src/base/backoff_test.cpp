#include "base/backoff.hpp"

#include <gtest/gtest.h>

namespace guildfleet::base {
namespace {

using std::chrono::milliseconds;

TEST(backoff, stays_between_half_of_the_step_and_the_step) {
  random_source random(7);
  backoff waits({milliseconds(1000), milliseconds(60'000), 2.0});
  for (const int step : {1000, 2000, 4000, 8000, 16'000, 32'000, 60'000, 60'000}) {
    const auto pause = waits.next(random);
    EXPECT_GE(pause, milliseconds(step / 2));
    EXPECT_LE(pause, milliseconds(step));
  }
}

TEST(backoff, starts_again_after_reset) {
  random_source random(7);
  backoff waits;
  for (int i = 0; i < 5; ++i) (void)waits.next(random);
  waits.reset();
  EXPECT_LE(waits.next(random), milliseconds(1000));
}

}  // namespace
}  // namespace guildfleet::base
