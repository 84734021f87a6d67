// What a node counts for one of its bots, read back from its metrics: by it a new release is judged.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "fleet/release_figures.hpp"

namespace guildfleet::bot {

// What the metrics do not tell.
struct shards_now {
  std::uint32_t held = 0;
  std::uint32_t visits = 0;
};

// Any thread. `metrics` and `clock` must outlive it.
class release_counts final {
 public:
  release_counts(base::metrics& metrics, const std::string& bot, const base::clock& clock);

  // Since the process started. Time over shards is counted from one call to the next.
  [[nodiscard]] fleet::release_figures read(shards_now shards);

 private:
  base::counter events_;
  base::counter failed_events_;
  base::counter interactions_;
  base::counter unanswered_;
  base::counter refused_;
  base::counter broken_;
  base::counter reconnects_;
  base::histogram requests_;
  base::histogram answer_time_;
  base::histogram event_lag_;
  const base::clock& clock_;
  base::steady_time started_;
  std::mutex mutex_;  // of the two below
  base::steady_time counted_until_;
  std::chrono::nanoseconds shard_time_{0};
};

}  // namespace guildfleet::bot
