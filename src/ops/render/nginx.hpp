// nginx as the HTTP gateway of a fleet: /bot1/... goes to the nodes of bot1.
#pragma once

#include "ops/fleet_config.hpp"
#include "ops/render/deployment.hpp"
#include "ops/render/rendered_file.hpp"

namespace guildfleet::ops {

// How many of a hundred requests each release's nodes get.
struct release_weights {
  unsigned blue = 100;
  unsigned green = 0;
};

// nginx.conf; the script that runs nginx and reloads it when weights change; weights/<service>.conf for each
// service. It listens on 8080, and with deploy.host on 8443 for TLS, as any user.
[[nodiscard]] rendering render_nginx(const fleet_config& config, const deployment& all);

// One of those files anew: what a rollout writes.
[[nodiscard]] std::string nginx_upstream(const service& of, const release_weights& weights);

}  // namespace guildfleet::ops
