#include "fleet/rollout_analysis.hpp"

#include <algorithm>
#include <cmath>

#include "fleet/memory_slope.hpp"
#include "fleet/tail_bound.hpp"

namespace guildfleet::fleet {
namespace {

using std::chrono::milliseconds;

constexpr double minute_ms = 60'000;
// Of the bounds of a p95 and of a memory slope.
constexpr double standard_deviations = 4;

struct rate {
  std::uint64_t hits = 0;
  double trials = 0;

  [[nodiscard]] double value() const { return trials > 0 ? static_cast<double>(hits) / trials : 0; }
};

rate share_of(std::uint64_t hits, std::uint64_t trials) {
  return {hits, static_cast<double>(trials)};
}
rate per_minute(const release_samples& of) {
  return {of.reconnects, static_cast<double>(of.shard_time.count()) / minute_ms};
}

// At most this likely if the new release were within what is tolerated.
double surprise_of(const rate& fresh, const rate& old, const rate_tolerance& tolerated) {
  if (fresh.value() - old.value() < tolerated.by) return 1;
  const double weight = tolerated.ratio * fresh.trials;
  return tail_bound(fresh.hits, fresh.hits + old.hits, weight / (weight + old.trials));
}

std::string shown(milliseconds time) {
  return time == milliseconds::max() ? "more than 10000 ms" : fmt::format("{} ms", time.count());
}

const release_samples& old_of(const analysis_window& window) {
  static const release_samples nothing;
  return window.old ? *window.old : nothing;
}

// Collects what is worse, and what might be.
class comparison final {
 public:
  comparison(const analysis_window& window, const analysis_thresholds& thresholds)
      : window_(window),
        thresholds_(thresholds),
        surprise_(window.elapsed < window.length ? thresholds.surprise_early : thresholds.surprise_at_end) {}

  void compare_share(std::string_view what, const rate& fresh, const rate& old,
                     const rate_tolerance& tolerated) {
    const auto text = [&] {
      return fmt::format("{} {:.2f} % ({} of {:.0f})", what, fresh.value() * 100, fresh.hits, fresh.trials);
    };
    if (old.trials > 0 && surprise_of(fresh, old, tolerated) < surprise_) {
      worse(fmt::format("{}, the old release {:.2f} % ({} of {:.0f})", text(), old.value() * 100, old.hits,
                        old.trials));
      return;
    }
    if (is_enough(old.trials) || fresh.hits == 0) return;
    if (tail_bound(fresh.hits, static_cast<std::uint64_t>(fresh.trials), tolerated.ceiling) < surprise_)
      beyond_ceiling(fmt::format("{}, at most {:.2f} % is fine", text(), tolerated.ceiling * 100));
  }

  void compare_reconnects() {
    const rate fresh = per_minute(window_.fresh);
    const rate old = per_minute(old_of(window_));
    const rate_tolerance& tolerated = thresholds_.reconnects;
    if (fresh.hits == 0) return;
    const double surprise = window_.old ? surprise_of(fresh, old, tolerated)
                                        : poisson_tail_bound(fresh.hits, tolerated.ceiling * fresh.trials);
    if (surprise >= surprise_) return;
    worse(fmt::format("{} reconnects, {:.2f} a minute and shard{}", fresh.hits, fresh.value(),
                      window_.old ? fmt::format(", the old release {:.2f}", old.value())
                                  : fmt::format(", at most {:.2f} is fine", tolerated.ceiling)));
  }

  void compare_durations(std::string_view what, const duration_histogram& fresh,
                         const duration_histogram& old, const duration_tolerance& tolerated) {
    constexpr double part = 0.95;
    const auto count = static_cast<double>(old.total());
    const bool comparable = is_enough(count);
    milliseconds limit = tolerated.ceiling;
    if (comparable) {
      const double sure = part + standard_deviations * std::sqrt(part * (1 - part) / count);
      const milliseconds reached = old.quantile(std::min(sure, 1.0));
      if (reached == milliseconds::max()) return;
      const milliseconds by_ratio(std::llround(static_cast<double>(reached.count()) * tolerated.ratio));
      limit = std::max(by_ratio, reached + tolerated.by);
    }
    const std::uint64_t slow = fresh.beyond(limit);
    if (slow == 0 || tail_bound(slow, fresh.total(), 1 - part) >= surprise_) return;
    std::string text = fmt::format("{} p95 {} ({} of {} beyond {} ms)", what, shown(fresh.quantile(part)),
                                   slow, fresh.total(), limit.count());
    if (comparable)
      worse(fmt::format("{}, the old release {}", text, shown(old.quantile(part))));
    else
      beyond_ceiling(std::move(text));
  }

  void compare_memory();

  [[nodiscard]] const std::string& what_is_worse() const { return worse_; }
  [[nodiscard]] const std::string& what_may_be_worse() const { return unsure_; }

 private:
  [[nodiscard]] bool is_enough(double count) const {
    return count >= static_cast<double>(thresholds_.least_samples);
  }
  void worse(std::string_view reason) { append(worse_, reason); }
  void beyond_ceiling(std::string_view reason) {
    if (window_.old)
      append(unsure_, fmt::format("{}, and the old release has too few to compare with", reason));
    else
      worse(reason);
  }
  static void append(std::string& to, std::string_view reason) {
    if (!to.empty()) to += "; ";
    to += reason;
  }
  [[nodiscard]] double old_slope() const;
  [[nodiscard]] bool leaks(const node_samples& node, double limit) const;

  const analysis_window& window_;
  const analysis_thresholds& thresholds_;
  double surprise_;
  std::string worse_;
  std::string unsure_;
};

bool is_long_enough(const node_samples& node, milliseconds over) {
  return node.memory.size() >= 6 && node.memory.back().at - node.memory.front().at >= over;
}

double comparison::old_slope() const {
  std::vector<double> slopes;
  for (const node_samples& node : old_of(window_).nodes) {
    if (is_long_enough(node, thresholds_.memory.over))
      slopes.push_back(slope_of(node.memory, standard_deviations).bytes_per_minute);
  }
  std::ranges::sort(slopes);
  return slopes.empty() ? 0 : std::max(0.0, slopes[slopes.size() / 2]);
}

bool comparison::leaks(const node_samples& node, double limit) const {
  if (growth_of(node.memory) < static_cast<double>(thresholds_.memory.least_growth)) return false;
  const auto second_half = std::span(node.memory).last(node.memory.size() / 2);
  return slope_of(node.memory, standard_deviations).at_least > limit &&
         slope_of(second_half, standard_deviations / 2).at_least > limit;
}

void comparison::compare_memory() {
  if (window_.elapsed < window_.length) return;
  const memory_tolerance& tolerated = thresholds_.memory;
  const double old = old_slope();
  const double limit = old * tolerated.ratio + tolerated.floor;
  std::size_t looked_at = 0;
  std::vector<const node_samples*> leaking;
  for (const node_samples& node : window_.fresh.nodes) {
    if (!is_long_enough(node, tolerated.over)) continue;
    ++looked_at;
    if (leaks(node, limit)) leaking.push_back(&node);
  }
  if (leaking.empty() || 2 * leaking.size() < looked_at) return;
  constexpr double megabyte = 1 << 20U;
  const node_samples& first = *leaking.front();
  worse(fmt::format("memory of {} grows by {:.1f} MB a minute, the old release's by {:.1f}", first.node,
                    slope_of(first.memory, standard_deviations).bytes_per_minute / megabyte, old / megabyte));
}

comparison compare(const analysis_window& window, const analysis_thresholds& thresholds) {
  const release_samples& fresh = window.fresh;
  const release_samples& old = old_of(window);
  comparison all(window, thresholds);
  all.compare_share("handler failures", share_of(fresh.failed_events, fresh.events),
                    share_of(old.failed_events, old.events), thresholds.failures);
  all.compare_share("unanswered interactions", share_of(fresh.unanswered, fresh.interactions),
                    share_of(old.unanswered, old.interactions), thresholds.unanswered);
  all.compare_share("requests refused with 4xx", share_of(fresh.refused_requests, fresh.requests),
                    share_of(old.refused_requests, old.requests), thresholds.refused);
  all.compare_share("requests answered with 5xx", share_of(fresh.broken_requests, fresh.requests),
                    share_of(old.broken_requests, old.requests), thresholds.broken);
  all.compare_durations("answer time", fresh.answer_time, old.answer_time, thresholds.answer_time);
  all.compare_durations("event lag", fresh.event_lag, old.event_lag, thresholds.event_lag);
  all.compare_reconnects();
  all.compare_memory();
  return all;
}

// A node that is gone, or up for long enough and told nothing for too long. Empty: none.
std::string who_is_missing(const analysis_window& window, milliseconds within) {
  if (window.fresh.nodes.empty()) return "no node of the new release";
  for (const node_samples& node : window.fresh.nodes) {
    if (node.gone) return fmt::format("node {} is gone, and nobody told it to stop", node.node);
    const milliseconds could_report = std::min(node.up_for, window.elapsed);
    if (node.reported_ago.value_or(could_report) > within)
      return fmt::format("node {} has reported nothing for {} s", node.node,
                         node.reported_ago.value_or(could_report).count() / 1'000);
  }
  return {};
}

// By the old release's numbers there should be far more of them.
bool lacks(std::uint64_t fresh, std::uint64_t old, const analysis_window& window, std::uint64_t least) {
  if (old_of(window).events == 0) return false;
  const double expected = static_cast<double>(old) / static_cast<double>(old_of(window).events) *
                          static_cast<double>(window.fresh.events);
  return expected >= static_cast<double>(least) && static_cast<double>(fresh) * 4 < expected;
}

// Empty: there is enough to judge by.
std::string what_is_missing(const analysis_window& window, const analysis_thresholds& thresholds) {
  const release_samples& fresh = window.fresh;
  const release_samples& old = old_of(window);
  if (window.elapsed < window.length) return "the window is not over yet";
  if (fresh.events < thresholds.least_events)
    return fmt::format("{} events of the {} that are needed", fresh.events, thresholds.least_events);
  const std::uint64_t least = thresholds.least_samples;
  if (lacks(fresh.interactions, old.interactions, window, least))
    return fmt::format("{} interactions, far fewer than the old release's {}", fresh.interactions,
                       old.interactions);
  if (lacks(fresh.requests, old.requests, window, least))
    return fmt::format("{} requests, far fewer than the old release's {}", fresh.requests, old.requests);
  if (lacks(fresh.answer_time.total(), old.answer_time.total(), window, least)) return "answer times";
  if (lacks(fresh.event_lag.total(), old.event_lag.total(), window, least)) return "event lags";
  return {};
}

}  // namespace

verdict judge(const analysis_window& window, const analysis_thresholds& thresholds) {
  const comparison compared = compare(window, thresholds);
  if (!compared.what_is_worse().empty()) return {verdict_kind::bad, compared.what_is_worse()};
  if (std::string missing = who_is_missing(window, thresholds.report_within); !missing.empty())
    return {verdict_kind::missing, std::move(missing)};
  if (std::string missing = what_is_missing(window, thresholds); !missing.empty())
    return {verdict_kind::inconclusive, std::move(missing)};
  if (!compared.what_may_be_worse().empty())
    return {verdict_kind::inconclusive, compared.what_may_be_worse()};
  return {verdict_kind::good, {}};
}

}  // namespace guildfleet::fleet
