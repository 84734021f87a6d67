#include "fleet/rollout_analysis.hpp"

#include <gmock/gmock.h>

namespace guildfleet::fleet {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::uint64_t megabyte = 1U << 20U;

// Memory every ten seconds.
node_samples node_growing(std::string name, double megabytes_a_minute,
                          std::chrono::milliseconds over = 5min) {
  node_samples node{.node = std::move(name), .up_for = 1h, .reported_ago = 2s};
  for (std::chrono::milliseconds at{0}; at <= over; at += 10s) {
    const double minutes = static_cast<double>(at.count()) / 60'000;
    node.memory.push_back(
        {at, 50 * megabyte + static_cast<std::uint64_t>(minutes * megabytes_a_minute * megabyte)});
  }
  return node;
}

release_samples healthy(std::uint64_t events) {
  release_samples of{.events = events, .failed_events = events / 1'000, .interactions = events / 5};
  of.requests = events;
  of.refused_requests = events / 500;
  of.broken_requests = events / 1'000;
  of.reconnects = 1;
  of.shard_time = 20min;
  of.answer_time.add(80ms, events / 5 * 9 / 10);
  of.answer_time.add(250ms, events / 5 / 10);
  of.event_lag.add(20ms, events);
  of.nodes = {node_growing("c", 0.1)};
  return of;
}

class rollout_verdict : public testing::Test {
 protected:
  [[nodiscard]] verdict now() const { return judge(window, thresholds); }
  [[nodiscard]] std::string_view kind() const {
    switch (now().kind) {
      case verdict_kind::good:
        return "good";
      case verdict_kind::bad:
        return "bad";
      case verdict_kind::inconclusive:
        return "inconclusive";
      case verdict_kind::missing:
        return "missing";
    }
    return {};
  }

  analysis_window window{healthy(5'000), healthy(20'000), 5min, 5min};
  analysis_thresholds thresholds;
};

TEST_F(rollout_verdict, as_good_as_the_old_release) {
  EXPECT_EQ(kind(), "good") << now().reason;
}

TEST_F(rollout_verdict, is_never_good_before_the_window_is_over) {
  window.elapsed = 299s;
  EXPECT_EQ(kind(), "inconclusive");
  window.elapsed = 6min;
  EXPECT_EQ(kind(), "good");
}

TEST_F(rollout_verdict, names_what_is_worse_with_figures) {
  struct row {
    void (*spoil)(release_samples&);
    std::string_view says;
  };
  const row rows[] = {
      {[](release_samples& of) { of.failed_events = 100; },
       "handler failures 2.00 % (100 of 5000), the old release 0.10 % (20 of 20000)"},
      {[](release_samples& of) { of.unanswered = 50; }, "unanswered interactions 5.00 % (50 of 1000)"},
      {[](release_samples& of) { of.refused_requests = 200; }, "requests refused with 4xx 4.00 %"},
      {[](release_samples& of) { of.broken_requests = 400; }, "requests answered with 5xx 8.00 %"},
      {[](release_samples& of) { of.answer_time.add(1'400ms, 150); },
       "answer time p95 1500 ms (150 of 1150 beyond 450 ms), the old release 300 ms"},
      {[](release_samples& of) { of.event_lag.add(2s, 1'000); }, "event lag p95 2000 ms"},
      {[](release_samples& of) { of.reconnects = 40; }, "40 reconnects, 2.00 a minute and shard"},
      {[](release_samples& of) { of.nodes = {node_growing("leaky", 6)}; },
       "memory of leaky grows by 6.0 MB a minute, the old release's by 0.1"},
  };
  for (const row& each : rows) {
    window.fresh = healthy(5'000);
    each.spoil(window.fresh);
    EXPECT_EQ(kind(), "bad") << each.says;
    EXPECT_THAT(now().reason, HasSubstr(each.says));
  }
}

TEST_F(rollout_verdict, bad_needs_no_full_window) {
  window.elapsed = 20s;
  window.fresh.failed_events = 500;
  EXPECT_EQ(kind(), "bad");
}

TEST_F(rollout_verdict, a_small_sample_condemns_nobody) {
  window.fresh = healthy(40);
  window.fresh.failed_events = 2;
  EXPECT_EQ(kind(), "inconclusive");
  EXPECT_EQ(now().reason, "40 events of the 500 that are needed");
}

TEST_F(rollout_verdict, what_the_old_release_does_badly_the_new_one_may_too) {
  window.fresh.failed_events = 500;
  window.old->failed_events = 2'000;
  EXPECT_EQ(kind(), "good");
}

TEST_F(rollout_verdict, a_difference_that_hardly_matters_is_none_whatever_the_sample) {
  window.fresh = healthy(50'000'000);
  window.old = healthy(50'000'000);
  window.fresh.failed_events *= 3;
  EXPECT_EQ(kind(), "good") << now().reason;
}

TEST_F(rollout_verdict, without_the_old_release_ceilings_count) {
  window.old.reset();
  EXPECT_EQ(kind(), "good") << now().reason;
  window.fresh.failed_events = 150;
  EXPECT_THAT(now().reason, HasSubstr("3.00 % (150 of 5000), at most 1.00 % is fine"));
  window.fresh = healthy(5'000);
  window.fresh.answer_time.add(2'900ms, 400);
  EXPECT_THAT(now().reason, HasSubstr("answer time p95 3000 ms")) << "close to Discord's limit";
}

TEST_F(rollout_verdict, with_too_little_to_compare_with_nothing_is_condemned) {
  window.old = healthy(0);
  window.old->events = 3;
  EXPECT_EQ(kind(), "good") << "all is below its ceiling";
  window.fresh.failed_events = 500;
  EXPECT_EQ(kind(), "inconclusive");
  EXPECT_THAT(now().reason, HasSubstr("the old release has too few to compare with"));
}

TEST_F(rollout_verdict, a_node_that_does_not_report_is_missed_after_a_while) {
  window.fresh.nodes.push_back({.node = "mute", .up_for = 29s});
  EXPECT_EQ(kind(), "good") << "it may have come just now";
  window.fresh.nodes.back().up_for = 31s;
  EXPECT_EQ(kind(), "missing");
  EXPECT_EQ(now().reason, "node mute has reported nothing for 31 s");
  window.fresh.nodes.back().reported_ago = 3s;
  EXPECT_EQ(kind(), "good");
  window.fresh.nodes.back().reported_ago = 40s;
  EXPECT_EQ(kind(), "missing");
  window.fresh.nodes.clear();
  EXPECT_EQ(kind(), "missing");
}

TEST_F(rollout_verdict, a_node_that_is_gone_is_missed_at_once) {
  window.fresh.nodes.push_back({.node = "frozen", .gone = true});
  EXPECT_EQ(kind(), "missing");
  EXPECT_EQ(now().reason, "node frozen is gone, and nobody told it to stop");
}

TEST_F(rollout_verdict, what_the_old_release_has_and_the_new_one_has_not_is_suspicious) {
  window.fresh.interactions = 3;
  EXPECT_EQ(kind(), "inconclusive");
  EXPECT_THAT(now().reason, HasSubstr("3 interactions, far fewer than the old release's 4000"));
  window.fresh = healthy(5'000);
  window.fresh.event_lag = {};
  EXPECT_EQ(now().reason, "event lags");
}

TEST_F(rollout_verdict, a_bot_without_interactions_can_be_good) {
  for (release_samples* of : {&window.fresh, &*window.old}) {
    of->interactions = 0;
    of->answer_time = {};
  }
  EXPECT_EQ(kind(), "good");
}

TEST_F(rollout_verdict, a_process_that_fills_its_caches_is_no_leak) {
  node_samples& node = window.fresh.nodes.front();
  for (memory_point& point : node.memory) {
    const double filled = 1 - std::exp(-static_cast<double>(point.at.count()) / 60'000);
    point.resident_bytes = 50 * megabyte + static_cast<std::uint64_t>(filled * 25 * megabyte);
  }
  EXPECT_EQ(kind(), "good") << now().reason;
}

TEST_F(rollout_verdict, one_node_of_three_that_grows_is_not_the_release) {
  window.fresh.nodes = {node_growing("a", 0), node_growing("b", 0), node_growing("c", 6)};
  EXPECT_EQ(kind(), "good");
  window.fresh.nodes[0] = node_growing("a", 6);
  EXPECT_EQ(kind(), "bad");
}

TEST_F(rollout_verdict, growth_that_the_old_release_shows_too_is_no_leak) {
  window.fresh.nodes = {node_growing("c", 6)};
  window.old->nodes = {node_growing("a", 4)};
  EXPECT_EQ(kind(), "good") << now().reason;
}

TEST(duration_histogram, buckets_and_quantiles) {
  duration_histogram of;
  EXPECT_EQ(of.quantile(0.95), 0ms);
  of.add(5ms, 94);
  of.add(6ms, 5);
  of.add(1h);
  EXPECT_EQ(of.total(), 100U);
  EXPECT_EQ(of.quantile(0.94), 5ms);
  EXPECT_EQ(of.quantile(0.95), 10ms);
  EXPECT_EQ(of.quantile(1), std::chrono::milliseconds::max());
  EXPECT_EQ(of.beyond(5ms), 6U);
  EXPECT_EQ(of.beyond(7ms), 1U);
  EXPECT_EQ(of.beyond(10s), 1U);
  EXPECT_EQ(of.beyond(1h), 0U);
}

}  // namespace
}  // namespace guildfleet::fleet
