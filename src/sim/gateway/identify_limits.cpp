#include "sim/gateway/identify_limits.hpp"

#include <algorithm>

namespace guildfleet::sim {
namespace {
constexpr std::chrono::hours day(24);
}  // namespace

identify_verdict identify_limits::identify(int shard, int max_concurrency, int total, base::steady_time now) {
  if (used_ == 0 || now >= window_ends_) {
    used_ = 0;
    window_ends_ = now + day;
  }
  if (++used_ > total) return identify_verdict::exhausted;
  const int bucket = shard % std::max(max_concurrency, 1);
  const auto last = last_of_bucket_.find(bucket);
  if (last != last_of_bucket_.end() && now - last->second < interval_ - tolerance_)
    return identify_verdict::too_soon;
  last_of_bucket_[bucket] = now;
  return identify_verdict::allowed;
}

event_sink::start_limit identify_limits::limit(int max_concurrency, int total, base::steady_time now) const {
  if (used_ == 0 || now >= window_ends_) return {total, total, 0, max_concurrency};
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(window_ends_ - now);
  return {total, std::max(0, total - used_), left.count(), max_concurrency};
}

}  // namespace guildfleet::sim
