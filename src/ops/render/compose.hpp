// Docker Compose (and podman-compose) files of a fleet.
#pragma once

#include "base/result.hpp"
#include "ops/fleet_config.hpp"
#include "ops/render/deployment.hpp"
#include "ops/render/rendered_file.hpp"

namespace guildfleet::ops {

// docker-compose.yml and what it mounts: the configuration of each service, nginx with `services`, and a
// script that makes the secrets. Every node has a twin of another release in the profile `green`, for a
// rollout. No secret's value is in any of it.
[[nodiscard]] rendering render_compose(const fleet_config& config, const deployment& all);

}  // namespace guildfleet::ops
