#include "fleet/release_samples.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace guildfleet::fleet {

std::vector<double> duration_histogram::bounds_in_seconds() {
  std::vector<double> out;
  for (const std::int64_t bound : bounds_ms) out.push_back(static_cast<double>(bound) / 1'000);
  return out;
}

std::size_t duration_histogram::bucket_of(std::chrono::milliseconds taken) {
  return static_cast<std::size_t>(std::ranges::lower_bound(bounds_ms, taken.count()) - bounds_ms.begin());
}

void duration_histogram::add(const duration_histogram& other) {
  for (std::size_t i = 0; i < bucket_count; ++i) counts_[i] += other.counts_[i];
}

std::uint64_t duration_histogram::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::uint64_t duration_histogram::beyond(std::chrono::milliseconds limit) const {
  const std::size_t first = std::min(bucket_of(limit) + 1, bucket_count);
  return std::accumulate(counts_.begin() + static_cast<std::ptrdiff_t>(first), counts_.end(),
                         std::uint64_t{0});
}

std::chrono::milliseconds duration_histogram::quantile(double part) const {
  const auto rank = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(total())));
  if (rank == 0) return std::chrono::milliseconds(0);
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < bounds_ms.size(); ++i) {
    below += counts_[i];
    if (below >= rank) return std::chrono::milliseconds(bounds_ms[i]);
  }
  return std::chrono::milliseconds::max();
}

}  // namespace guildfleet::fleet
