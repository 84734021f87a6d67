// What the nodes of one release did within a window, as sums that can be added up.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace guildfleet::fleet {

// How many took how long, in fixed buckets.
class duration_histogram final {
 public:
  // Upper bounds in milliseconds; a last bucket holds what took longer.
  static constexpr std::array<std::int64_t, 18> bounds_ms{
      5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1'000, 1'500, 2'000, 3'000, 5'000, 10'000};
  static constexpr std::size_t bucket_count = bounds_ms.size() + 1;

  // The same for a metric, in seconds.
  [[nodiscard]] static std::vector<double> bounds_in_seconds();
  [[nodiscard]] static std::size_t bucket_of(std::chrono::milliseconds taken);
  void add(std::chrono::milliseconds taken, std::uint64_t times = 1) { counts_[bucket_of(taken)] += times; }
  void add(const duration_histogram& other);
  void add_to_bucket(std::size_t bucket, std::uint64_t times) { counts_[bucket] += times; }

  [[nodiscard]] std::uint64_t in_bucket(std::size_t bucket) const { return counts_[bucket]; }
  [[nodiscard]] std::uint64_t total() const;
  // Of those in buckets beyond the one that holds `limit`; so at least those that took longer than its upper
  // bound.
  [[nodiscard]] std::uint64_t beyond(std::chrono::milliseconds limit) const;
  // The upper bound of the bucket in which this part of all (0 to 1) is reached, 0 of nothing. In the last
  // bucket milliseconds::max().
  [[nodiscard]] std::chrono::milliseconds quantile(double part) const;

  bool operator==(const duration_histogram&) const = default;

 private:
  std::array<std::uint64_t, bucket_count> counts_{};
};

struct memory_point {
  std::chrono::milliseconds at{0};  // since the window began
  std::uint64_t resident_bytes = 0;
};

struct node_samples {
  std::string node{};
  std::chrono::milliseconds up_for{0};
  std::optional<std::chrono::milliseconds> reported_ago{};  // empty: never in this window
  bool gone = false;  // it reported in this window and lives no more, and was not told to stop
  std::vector<memory_point> memory{};  // by time
};

struct release_samples {
  std::uint64_t events = 0;                 // handled, interactions among them
  std::uint64_t failed_events = 0;          // of these, by an error of the handler
  std::uint64_t interactions = 0;           // that wanted an answer
  std::uint64_t unanswered = 0;             // of these, in Discord's three seconds
  std::uint64_t requests = 0;               // to Discord's API
  std::uint64_t refused_requests = 0;       // of these, answered with 4xx, but 404 and 429
  std::uint64_t broken_requests = 0;        // of these, answered with 5xx
  std::uint64_t reconnects = 0;             // of sessions, but those of a move
  std::chrono::milliseconds shard_time{0};  // over all shards; against it the reconnects count
  duration_histogram answer_time{};
  duration_histogram event_lag{};
  std::vector<node_samples> nodes{};  // living ones
};

}  // namespace guildfleet::fleet
