// What a node has counted for a bot since it started, as it writes it into the store now and then, and what
// that makes of the nodes of a release within a window.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "fleet/release_samples.hpp"
#include "store/fleet_rows.hpp"

namespace guildfleet::fleet {

// Counters only grow; a process that starts anew begins at 0.
struct release_figures {
  std::uint64_t events = 0;
  std::uint64_t failed_events = 0;
  std::uint64_t interactions = 0;
  std::uint64_t unanswered = 0;
  std::uint64_t requests = 0;
  std::uint64_t refused_requests = 0;
  std::uint64_t broken_requests = 0;
  std::uint64_t reconnects = 0;
  std::uint64_t shard_ms = 0;  // over all shards that it holds
  std::array<std::uint64_t, duration_histogram::bucket_count> answer_time{};
  std::array<std::uint64_t, duration_histogram::bucket_count> event_lag{};
  std::uint64_t up_ms = 0;
  std::uint64_t resident_bytes = 0;  // now
  std::uint32_t draining = 0;        // 1: it is about to stop, or to stand by, as it was told to
  std::uint32_t visits = 0;          // shards of other nodes, of which this one has guilds now
  bool operator==(const release_figures&) const = default;
};

[[nodiscard]] std::string to_json(const release_figures& figures);
// Keys that are not known are left out. Error store_error::damaged.
[[nodiscard]] base::result<release_figures> release_figures_from_json(std::string_view json);

// A node's sample, read.
struct release_report {
  store::node_identity node;
  std::string release;
  base::wall_time at;
  release_figures figures;
};

// In the samples' order; one that cannot be read is as one that was not written.
[[nodiscard]] std::vector<release_report> reports_in(std::span<const store::release_sample> samples);

// Of the nodes of `release` that live, what they did between `from` and `now`, both by the store's clock.
// `reports`, by time, may begin before the window, so that what happened until a node's first report in it
// counts.
[[nodiscard]] release_samples samples_within(std::span<const release_report> reports,
                                             std::string_view release,
                                             std::span<const store::node_row> living, base::wall_time from,
                                             base::wall_time now);

}  // namespace guildfleet::fleet
