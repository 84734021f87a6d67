// Whether a new release does as well as the old one did in the same window. A decider, asked about once a
// second; it is as careful the hundredth time as the first.
//
// Rates are compared with the two-sample test of Poisson counts by conditioning (Przyborowski and Wilenski
// 1940): of all failures of both releases, the new one's part is no larger than its part of the trials, times
// the ratio that is tolerated. How unlikely a larger part is comes from tail_bound(), so that no small sample
// condemns by itself. A difference must also exceed what is tolerated absolutely. While the window lasts,
// `surprise_early` is asked for, so that many looks do not add up to a false alarm; at its end
// `surprise_at_end`. Measured (analysis_property_test): none in 20,000 windows of healthy releases with 60
// looks each.
//
// A p95 is worse when significantly more than one in twenty took longer than what is tolerated of the old
// one's p95, of which the upper end of its uncertainty is taken. Memory is looked at once the window is over:
// it leaks when its slope, over the whole and over the second half, surely exceeds the old release's, on half
// of the nodes or more; a process that fills its caches flattens out.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "fleet/release_samples.hpp"

namespace guildfleet::fleet {

// Of a rate: how much worse the new release may be, by ratio and by difference. `ceiling`: what it may reach
// where there is nothing to compare with; beyond it, with too little to compare with, nothing is decided.
struct rate_tolerance {
  double ratio = 1.2;
  double by = 0.005;
  double ceiling = 0.01;
  bool operator==(const rate_tolerance&) const = default;
};

struct duration_tolerance {
  double ratio = 1.5;
  std::chrono::milliseconds by{100};
  std::chrono::milliseconds ceiling{2'000};
  bool operator==(const duration_tolerance&) const = default;
};

struct memory_tolerance {
  double ratio = 2.0;                       // of the old release's slope
  double floor = 1'048'576;                 // bytes a minute beyond that
  std::uint64_t least_growth = 4 << 20U;    // within the window; less is no leak yet
  std::chrono::milliseconds over{120'000};  // a shorter series, as of a short window, tells nothing
  bool operator==(const memory_tolerance&) const = default;
};

struct analysis_thresholds {
  rate_tolerance failures{};
  rate_tolerance unanswered{.ratio = 1.2, .by = 0.005, .ceiling = 0.02};
  rate_tolerance refused{.ratio = 1.5, .by = 0.01, .ceiling = 0.05};
  rate_tolerance broken{.ratio = 1.5, .by = 0.02, .ceiling = 0.1};
  rate_tolerance reconnects{.ratio = 2.0, .by = 0.1, .ceiling = 1.0};  // a minute and shard
  duration_tolerance answer_time{};
  duration_tolerance event_lag{
      .ratio = 2.0, .by = std::chrono::milliseconds(250), .ceiling = std::chrono::milliseconds(5'000)};
  memory_tolerance memory{};
  std::uint64_t least_events = 500;                 // of the new release; fewer judge nothing
  std::uint64_t least_samples = 30;                 // of anything else, and of the old release's events
  std::chrono::milliseconds report_within{30'000};  // a node that did not report for longer is missed
  double surprise_early = 1e-6;
  double surprise_at_end = 2e-5;
  bool operator==(const analysis_thresholds&) const = default;
};

struct analysis_window {
  release_samples fresh{};  // the new release's
  // The old one's from the same window; where nothing is left to it, from the last window in which it served.
  // Without any, ceilings count.
  std::optional<release_samples> old{};
  std::chrono::milliseconds elapsed{0};
  std::chrono::milliseconds length{0};  // planned; it may go on for longer
};

enum class verdict_kind { good, bad, inconclusive, missing };

struct verdict {
  verdict_kind kind = verdict_kind::inconclusive;
  std::string reason{};  // with figures: what is worse, what is missing, which node
  bool operator==(const verdict&) const = default;
};

// Never good before the window is over.
[[nodiscard]] verdict judge(const analysis_window& window, const analysis_thresholds& thresholds);

}  // namespace guildfleet::fleet
