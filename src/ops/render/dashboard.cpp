#include "ops/render/dashboard.hpp"

#include <fmt/format.h>

namespace guildfleet::ops {
namespace promql {
namespace {

constexpr std::string_view of_bots = "bot=~\"$bot\",instance=~\"$node\"";
constexpr std::string_view of_nodes = "instance=~\"$node\"";

std::string selected(std::string_view metric, std::string_view chosen, std::string_view labels) {
  return fmt::format("{}{{{}{}{}}}", metric, chosen, labels.empty() ? "" : ",", labels);
}

std::string rate_of(std::string_view by, const std::string& what) {
  return fmt::format("sum by ({}) (rate({}[$__rate_interval]))", by, what);
}

std::string quantile_of(double part, std::string_view by, std::string_view metric, std::string_view chosen) {
  const std::string buckets = selected(fmt::format("{}_bucket", metric), chosen, "");
  return fmt::format("histogram_quantile({}, {})", part, rate_of(fmt::format("{}, le", by), buckets));
}

}  // namespace

std::string sum(std::string_view metric, std::string_view by, std::string_view labels) {
  return fmt::format("sum by ({}) ({})", by, selected(metric, of_bots, labels));
}

std::string rate(std::string_view metric, std::string_view by, std::string_view labels) {
  return rate_of(by, selected(metric, of_bots, labels));
}

std::string quantile(double part, std::string_view metric, std::string_view by) {
  return quantile_of(part, by, metric, of_bots);
}

std::string max(std::string_view metric, std::string_view by) {
  return fmt::format("max by ({}) ({})", by, selected(metric, of_bots, ""));
}

std::string of_node(std::string_view metric) {
  return selected(metric, of_nodes, "");
}

std::string rate_of_node(std::string_view metric, std::string_view by) {
  return rate_of(by, selected(metric, of_nodes, ""));
}

std::string quantile_of_node(double part, std::string_view metric) {
  return quantile_of(part, "instance", metric, of_nodes);
}

}  // namespace promql

std::vector<dashboard> dashboards() {
  return {boards::fleet(), boards::bot(),      boards::shards(),
          boards::rest(),  boards::database(), boards::rollout()};
}

}  // namespace guildfleet::ops
