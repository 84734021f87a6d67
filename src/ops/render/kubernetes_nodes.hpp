// The workloads of a fleet: one for each bot, with its Service.
#pragma once

#include <chrono>
#include <string>

#include "ops/fleet_config.hpp"
#include "ops/render/deployment.hpp"

namespace guildfleet::ops {

// Whether nodes keep leases and data in SQLite on a volume. Then there is one pod, which ends before the next
// one begins: a StatefulSet. Else leases in the database make any number safe: a Deployment.
[[nodiscard]] bool stores_on_volume(const fleet_config& config, const deployment& all);

// From the stop signal to the kill: to hand over, and to end.
[[nodiscard]] std::chrono::seconds termination_grace(const deploy_section& deploy);

// How long a node may take from its start until all its shards are connected: Discord lets one identify in
// five seconds, where it allows no more at once.
[[nodiscard]] std::chrono::seconds ready_budget(const fleet_config& config, const service& of);

// Name of the ConfigMap with the fleet.yaml of a service, before kustomize adds the hash of its content.
[[nodiscard]] std::string config_map_name(const service& of);

[[nodiscard]] std::string node_workload(const fleet_config& config, const deployment& all, const service& of);
// Services and disruption budgets.
[[nodiscard]] std::string node_services(const fleet_config& config, const deployment& all);

}  // namespace guildfleet::ops
