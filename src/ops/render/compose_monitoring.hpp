// Prometheus, Alertmanager and Grafana in docker-compose.yml, in the profile `monitoring`.
#pragma once

#include <vector>

#include "ops/fleet_config.hpp"
#include "ops/render/deployment.hpp"
#include "ops/render/rendered_file.hpp"
#include "ops/render/yaml_text.hpp"

namespace guildfleet::ops {

// Each is reached on this machine only. To be called within `services`.
void write_monitoring(yaml_text& out, const fleet_config& config);
// Within `volumes`.
void write_monitoring_volumes(yaml_text& out);
// Those that only these servers need.
[[nodiscard]] std::vector<needed_secret> monitoring_secrets(const fleet_config& config);
// What they mount: render_prometheus and render_grafana.
[[nodiscard]] rendering monitoring_files(const fleet_config& config, const deployment& all);

}  // namespace guildfleet::ops
