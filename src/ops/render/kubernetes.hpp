// Kubernetes objects of a fleet, as a kustomize base with overlays. For K3s, and any other cluster.
#pragma once

#include "ops/fleet_config.hpp"
#include "ops/render/deployment.hpp"
#include "ops/render/rendered_file.hpp"

namespace guildfleet::ops {

// kubernetes/base and kubernetes/overlays/{dev,production,canary}. No secret's value is in any of it: objects
// name Secrets, and a script beside each overlay makes them from files. There is no canary where bots store
// in SQLite: a second process could not see what the first one does.
[[nodiscard]] rendering render_kubernetes(const fleet_config& config, const deployment& all);

}  // namespace guildfleet::ops
