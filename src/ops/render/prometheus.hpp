// Prometheus and Alertmanager for a fleet that docker-compose.yml runs.
#pragma once

#include "ops/fleet_config.hpp"
#include "ops/render/deployment.hpp"
#include "ops/render/rendered_file.hpp"

namespace guildfleet::ops {

// prometheus/prometheus.yml with a target for each node, labelled `node`, `service`, `fleet` and `egress`
// (the metrics themselves have `bot`); prometheus/rules/, the alert rules; alertmanager/alertmanager.yml,
// which keeps back what follows from an outage of Discord. Alerts go nowhere, or to deploy.alert_webhook.
[[nodiscard]] rendering render_prometheus(const fleet_config& config, const deployment& all);

}  // namespace guildfleet::ops
