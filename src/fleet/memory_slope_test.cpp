#include "fleet/memory_slope.hpp"

#include <gmock/gmock.h>

#include "fleet/tail_bound.hpp"

namespace guildfleet::fleet {
namespace {

using std::chrono::milliseconds;

constexpr double megabyte = 1 << 20U;

std::vector<memory_point> series_of(int points, double per_minute, double base = 50 * megabyte) {
  std::vector<memory_point> series;
  for (int i = 0; i < points; ++i)
    series.push_back({milliseconds(i * 6'000), static_cast<std::uint64_t>(base + per_minute * i / 10)});
  return series;
}

TEST(memory_slope, of_a_line_is_its_own) {
  for (const double per_minute : {0.0, 3 * megabyte, -2 * megabyte}) {
    const slope_estimate slope = slope_of(series_of(50, per_minute), 3);
    EXPECT_NEAR(slope.bytes_per_minute, per_minute, 100);
    EXPECT_NEAR(slope.at_least, per_minute, 100);
  }
}

TEST(memory_slope, single_peaks_count_little) {
  auto series = series_of(50, megabyte);
  for (const std::size_t peak : {3U, 20U, 48U}) series[peak].resident_bytes += 500U << 20U;
  EXPECT_NEAR(slope_of(series, 3).bytes_per_minute, megabyte, 0.2 * megabyte);
  EXPECT_NEAR(growth_of(series), 3.4 * megabyte, 0.5 * megabyte);
}

TEST(memory_slope, the_bound_is_careful_with_few_points) {
  auto series = series_of(6, megabyte);
  series[2].resident_bytes -= 1U << 20U;
  EXPECT_LT(slope_of(series, 4).at_least, 0);
}

TEST(memory_slope, long_series_are_thinned_out) {
  EXPECT_NEAR(slope_of(series_of(5'000, megabyte), 3).bytes_per_minute, megabyte, 100);
}

TEST(memory_slope, of_hardly_anything_is_nothing) {
  EXPECT_EQ(slope_of(series_of(2, megabyte), 3).bytes_per_minute, 0);
  EXPECT_EQ(growth_of(series_of(2, megabyte)), 0);
}

double binomial_tail(std::uint64_t hits, std::uint64_t trials, double chance) {
  const auto n = static_cast<double>(trials);
  double tail = 0;
  for (std::uint64_t k = hits; k <= trials; ++k) {
    const auto each = static_cast<double>(k);
    tail += std::exp(std::lgamma(n + 1) - std::lgamma(each + 1) - std::lgamma(n - each + 1) +
                     each * std::log(chance) + (n - each) * std::log1p(-chance));
  }
  return tail;
}

TEST(tail_bound, never_claims_more_than_the_exact_tail) {
  for (const std::uint64_t trials : {1U, 5U, 40U, 300U}) {
    for (const double chance : {0.001, 0.05, 0.4, 0.9}) {
      for (std::uint64_t hits = 0; hits <= trials; hits += 1 + trials / 20)
        EXPECT_GE(tail_bound(hits, trials, chance) * 1.000001, binomial_tail(hits, trials, chance));
    }
  }
}

TEST(tail_bound, is_exact_when_all_hit) {
  EXPECT_NEAR(tail_bound(20, 20, 0.5), std::pow(0.5, 20), 1e-12);
}

TEST(tail_bound, at_the_edges) {
  EXPECT_EQ(tail_bound(0, 0, 0.5), 1);
  EXPECT_EQ(tail_bound(0, 10, 0), 1);
  EXPECT_EQ(tail_bound(1, 10, 0), 0);
  EXPECT_EQ(tail_bound(10, 10, 1), 1);
  EXPECT_EQ(poisson_tail_bound(0, 0), 1);
  EXPECT_EQ(poisson_tail_bound(1, 0), 0);
  EXPECT_EQ(poisson_tail_bound(3, 4), 1);
  EXPECT_LT(poisson_tail_bound(20, 4), 1e-6);
}

}  // namespace
}  // namespace guildfleet::fleet
