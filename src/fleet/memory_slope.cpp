#include "fleet/memory_slope.hpp"

#include <algorithm>
#include <cmath>

namespace guildfleet::fleet {
namespace {

constexpr std::size_t most_points = 60;

std::vector<memory_point> thinned(std::span<const memory_point> series) {
  if (series.size() <= most_points) return {series.begin(), series.end()};
  std::vector<memory_point> kept;
  for (std::size_t i = 0; i < most_points; ++i) kept.push_back(series[i * series.size() / most_points]);
  return kept;
}

double median_bytes(std::span<const memory_point> part) {
  std::vector<double> sizes;
  for (const memory_point& each : part) sizes.push_back(static_cast<double>(each.resident_bytes));
  const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
  std::ranges::nth_element(sizes, middle);
  return *middle;
}

double minutes_between(const memory_point& one, const memory_point& other) {
  return std::chrono::duration<double, std::ratio<60>>(other.at - one.at).count();
}

std::vector<double> sorted_pair_slopes(std::span<const memory_point> points) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t k = i + 1; k < points.size(); ++k) {
      const double minutes = minutes_between(points[i], points[k]);
      if (minutes <= 0) continue;
      const double grown =
          static_cast<double>(points[k].resident_bytes) - static_cast<double>(points[i].resident_bytes);
      slopes.push_back(grown / minutes);
    }
  }
  std::ranges::sort(slopes);
  return slopes;
}

}  // namespace

slope_estimate slope_of(std::span<const memory_point> series, double z) {
  const std::vector<memory_point> points = thinned(series);
  const std::vector<double> slopes = sorted_pair_slopes(points);
  if (points.size() < 3 || slopes.empty()) return {};
  const auto n = static_cast<double>(points.size());
  // Kendall's variance of the number of rising pairs.
  const double spread = z * std::sqrt(n * (n - 1) * (2 * n + 5) / 18);
  const double low = std::max(0.0, (static_cast<double>(slopes.size()) - spread) / 2);
  return {slopes[slopes.size() / 2], slopes[static_cast<std::size_t>(low)]};
}

double growth_of(std::span<const memory_point> series) {
  if (series.size() < 3) return 0;
  const std::size_t third = series.size() / 3;
  return median_bytes(series.last(third)) - median_bytes(series.first(third));
}

}  // namespace guildfleet::fleet
