#include "base/metrics.hpp"

#include <gtest/gtest.h>

namespace guildfleet::base {
namespace {

TEST(metrics, that_are_looked_up_again_are_the_same_series) {
  metrics registry;
  registry.counter_of("guildfleet_test_total", "A test", {{"bot", "music"}}).add(2);
  registry.counter_of("guildfleet_test_total", "A test", {{"bot", "other"}}).add(7);
  EXPECT_EQ(registry.counter_of("guildfleet_test_total", "A test", {{"bot", "music"}}).value(), 2);
}

TEST(metrics, of_a_histogram_are_counted_by_range) {
  metrics registry;
  const histogram times = registry.histogram_of("guildfleet_test_seconds", "A test", {}, {0.1, 1});
  for (const double value : {0.05, 0.1, 0.5, 3.0, 4.0}) times.observe(value);
  EXPECT_EQ(times.counts(), (std::vector<std::uint64_t>{2, 1, 2}));
}

}  // namespace
}  // namespace guildfleet::base
