// Grafana for a fleet: its source of data and its dashboards, provisioned.
#pragma once

#include "ops/fleet_config.hpp"
#include "ops/render/dashboard.hpp"
#include "ops/render/deployment.hpp"
#include "ops/render/rendered_file.hpp"

namespace guildfleet::ops {

// grafana/provisioning/ (where Prometheus is, where dashboards are) and grafana/dashboards/, one JSON file
// each.
[[nodiscard]] rendering render_grafana(const fleet_config& config, const deployment& all);

// One dashboard in Grafana's own model (schema version 39: Grafana 10.4 and up), with lines and indentation.
[[nodiscard]] std::string dashboard_json(const dashboard& from);

}  // namespace guildfleet::ops
