#include "ops/render/kubernetes_monitoring.hpp"

#include <fmt/format.h>
#include <sstream>

#include "ops/render/kubernetes_object.hpp"
#include "ops/render/yaml_text.hpp"

namespace guildfleet::ops {
namespace {

constexpr const char* monitoring_version = "monitoring.coreos.com/v1";

label_list fleet_labels(const fleet_config& config) {
  return {{std::string(fleet_label), dns_label(config.fleet)}};
}

std::string pod_monitor(const fleet_config& config) {
  yaml_text out;
  begin_object(out, monitoring_version, "PodMonitor", dns_label(config.fleet), fleet_labels(config));
  out.key("spec").begin_map();
  write_selector(out, "selector",
                 {{std::string(component_label), std::string(name_of(component::node))},
                  {std::string(fleet_label), dns_label(config.fleet)}});
  out.key("podMetricsEndpoints").begin_list().begin_map();
  out.entry("port", "http").entry("path", "/metrics").entry("interval", "15s").entry("scrapeTimeout", "10s");
  return out.end_map().end_list().end_map().end_map().take();
}

}  // namespace

std::string prometheus_rule(const fleet_config& config, const alert_file& rules) {
  yaml_text out;
  begin_object(out, monitoring_version, "PrometheusRule", "guildfleet-" + dns_label(rules.name),
               fleet_labels(config));
  // The operator wants below spec what Prometheus wants at the top; indented, comments and quotes stay.
  std::string text = out.end_map().take() + "spec:\n";
  std::istringstream lines{std::string(rules.text)};
  for (std::string line; std::getline(lines, line);) text += line.empty() ? "\n" : "  " + line + "\n";
  return documents({text});
}

std::vector<rendered_file> monitoring_files(const fleet_config& config) {
  std::vector<rendered_file> out = {{"pod-monitor.yaml", documents({pod_monitor(config)})}};
  for (const alert_file& each : alert_rule_files())
    out.push_back({fmt::format("alerts-{}.yaml", each.name), prometheus_rule(config, each)});
  return out;
}

}  // namespace guildfleet::ops
