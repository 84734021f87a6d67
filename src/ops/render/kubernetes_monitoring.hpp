// Objects of the Prometheus operator.
#pragma once

#include <string>
#include <vector>

#include "ops/fleet_config.hpp"
#include "ops/render/alert_files.hpp"
#include "ops/render/rendered_file.hpp"

namespace guildfleet::ops {

// A file of Prometheus rules as a PrometheusRule.
[[nodiscard]] std::string prometheus_rule(const fleet_config& config, const alert_file& rules);

// A PodMonitor, and a PrometheusRule for each file of alert rules. Paths are names of files only.
[[nodiscard]] std::vector<rendered_file> monitoring_files(const fleet_config& config);

}  // namespace guildfleet::ops
