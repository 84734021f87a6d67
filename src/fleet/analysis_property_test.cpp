#include <cmath>
#include <gmock/gmock.h>

#include "base/random.hpp"
#include "fleet/rollout_analysis.hpp"

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;

constexpr int looks = 60;
// Code that is not optimised is some ten times slower; it proves a part.
#ifdef __OPTIMIZE__
constexpr int windows = 20'000;
#else
constexpr int windows = 5'000;
#endif

// About as many as `mean`, spread like counts of independent events.
std::uint64_t count_about(base::random_source& random, double mean) {
  if (mean > 30) {
    const double normal =
        std::sqrt(-2 * std::log(1 - random.unit())) * std::cos(6.283185307179586 * random.unit());
    return static_cast<std::uint64_t>(std::max(0.0, std::round(mean + normal * std::sqrt(mean))));
  }
  double chance = std::exp(-mean);
  double left = random.unit();
  std::uint64_t count = 0;
  while (left > chance && count < 200) {
    left -= chance;
    chance *= mean / static_cast<double>(++count);
  }
  return count;
}

// What a release does in a second, on average; the same for both where nothing is wrong with the new one.
struct habits {
  double failures;
  double unanswered;
  double refused;
  double broken;
  double reconnects;
  std::size_t usual_bucket;
  std::array<double, 4> slower;  // the parts of durations in the usual bucket and in the next ones
};

double some_rate(base::random_source& random) {
  return std::pow(10, -1 - 3 * random.unit());
}

habits some_habits(base::random_source& random) {
  habits of{.failures = some_rate(random),
            .unanswered = some_rate(random),
            .refused = some_rate(random),
            .broken = some_rate(random),
            .reconnects = some_rate(random),
            .usual_bucket = random.below(12),
            .slower = {}};
  double rest = 1;
  for (double& part : of.slower) {
    part = rest * (0.5 + 0.5 * random.unit());
    rest -= part;
  }
  of.slower.back() += rest;
  return of;
}

void add_durations(base::random_source& random, duration_histogram& to, const habits& of, double count) {
  for (std::size_t i = 0; i < of.slower.size(); ++i)
    to.add_to_bucket(of.usual_bucket + i, count_about(random, of.slower[i] * count));
}

void add_look(base::random_source& random, release_samples& to, const habits& of, std::uint64_t events,
              int look) {
  const auto all = static_cast<double>(events);
  to.events += events;
  to.interactions += events / 4;
  to.requests += events;
  to.failed_events += std::min(events, count_about(random, all * of.failures));
  to.unanswered += std::min(events / 4, count_about(random, all / 4 * of.unanswered));
  to.refused_requests += std::min(events, count_about(random, all * of.refused));
  to.broken_requests += std::min(events, count_about(random, all * of.broken));
  to.reconnects += count_about(random, of.reconnects);
  to.shard_time += 5s;
  if (look % 12 != 11) return;
  add_durations(random, to.answer_time, of, all * 12 / 4);
  add_durations(random, to.event_lag, of, all * 12);
}

analysis_window some_window() {
  analysis_window window{.old = release_samples{}, .length = 60s};
  window.fresh.nodes = {{.node = "c", .up_for = 1h, .reported_ago = 1s}};
  return window;
}

// 60 looks at each of many windows in which both releases do the same, however badly, with few or many
// events.
TEST(rollout_analysis, condemns_no_healthy_release) {
  const std::uint64_t seed = 1'127;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  base::random_source random(seed);
  int condemned = 0;
  int good = 0;
  std::string reasons;
  for (int round = 0; round < windows; ++round) {
    const habits of = some_habits(random);
    const std::uint64_t fresh_events = 1 + random.below(100);
    const std::uint64_t old_events = 1 + random.below(400);
    analysis_window window = some_window();
    verdict last;
    for (int look = 0; look < looks && last.kind != verdict_kind::bad; ++look) {
      add_look(random, window.fresh, of, fresh_events, look);
      add_look(random, *window.old, of, old_events, look);
      window.elapsed += 1s;
      last = judge(window, {});
    }
    condemned += last.kind == verdict_kind::bad ? 1 : 0;
    good += last.kind == verdict_kind::good ? 1 : 0;
    if (last.kind == verdict_kind::bad) reasons += last.reason + '\n';
  }
  RecordProperty("windows_condemned", condemned);
  EXPECT_LT(condemned, windows / 1'000) << reasons;
  EXPECT_GT(good, windows * 8 / 10) << "the rest had too few events";
}

// 2 % of events fail, of 2,000 or more, where the old release has no failure in as many events or more.
TEST(rollout_analysis, finds_two_percent_of_failures) {
  const std::uint64_t seed = 2'027;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  base::random_source random(seed);
  int missed = 0;
  for (int round = 0; round < windows; ++round) {
    const std::uint64_t events = 34 + random.below(40);
    const std::uint64_t old_events = events * (1 + random.below(20));
    analysis_window window = some_window();
    verdict last;
    for (int look = 0; look < looks && last.kind != verdict_kind::bad; ++look) {
      window.fresh.events += events;
      window.fresh.failed_events += count_about(random, static_cast<double>(events) * 0.02);
      window.old->events += old_events;
      window.elapsed += 1s;
      last = judge(window, {});
    }
    missed += last.kind == verdict_kind::bad ? 0 : 1;
  }
  RecordProperty("windows_missed", missed);
  EXPECT_LT(missed, windows / 1'000);
}

}  // namespace
}  // namespace guildfleet::fleet
