#include "base/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace guildfleet::base {

struct metrics::impl {
  prometheus::Registry registry;
};

metrics::metrics() : impl_(std::make_unique<impl>()) {}
metrics::~metrics() = default;

void counter::add(double amount) const {
  static_cast<prometheus::Counter*>(handle_)->Increment(amount);
}
double counter::value() const {
  return static_cast<prometheus::Counter*>(handle_)->Value();
}
void gauge::set(double value) const {
  static_cast<prometheus::Gauge*>(handle_)->Set(value);
}
void gauge::add(double amount) const {
  static_cast<prometheus::Gauge*>(handle_)->Increment(amount);
}
void histogram::observe(double value) const {
  static_cast<prometheus::Histogram*>(handle_)->Observe(value);
}

std::vector<std::uint64_t> histogram::counts() const {
  const prometheus::ClientMetric metric = static_cast<prometheus::Histogram*>(handle_)->Collect();
  std::vector<std::uint64_t> counts;
  std::uint64_t below = 0;
  for (const auto& bucket : metric.histogram.bucket) {
    counts.push_back(bucket.cumulative_count - below);
    below = bucket.cumulative_count;
  }
  return counts;
}

counter metrics::counter_of(const std::string& name, const std::string& help, const metric_labels& labels) {
  return counter(&prometheus::BuildCounter().Name(name).Help(help).Register(impl_->registry).Add(labels));
}

gauge metrics::gauge_of(const std::string& name, const std::string& help, const metric_labels& labels) {
  return gauge(&prometheus::BuildGauge().Name(name).Help(help).Register(impl_->registry).Add(labels));
}

histogram metrics::histogram_of(const std::string& name, const std::string& help, const metric_labels& labels,
                                const std::vector<double>& upper_bounds) {
  return histogram(&prometheus::BuildHistogram()
                        .Name(name)
                        .Help(help)
                        .Register(impl_->registry)
                        .Add(labels, upper_bounds));
}

std::string metrics::expose() const {
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace guildfleet::base
