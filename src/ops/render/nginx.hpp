// nginx as the HTTP gateway of a fleet: /bot1/... goes to the nodes of bot1.
#pragma once

#include <span>

#include "ops/fleet_config.hpp"
#include "ops/render/deployment.hpp"
#include "ops/render/node_weights.hpp"
#include "ops/render/rendered_file.hpp"

namespace guildfleet::ops {

// nginx.conf, which listens on 8080, and with deploy.host on 8443 for TLS, as any user;
// upstreams/<service>.conf for each service, which hold until a rollout moves weights; run-nginx.sh, which
// runs nginx with both.
[[nodiscard]] rendering render_nginx(const fleet_config& config, const deployment& all);

// One of the upstreams: with which weights the nodes of a service get requests. At least one weight is not 0.
// `command`: what writes it.
[[nodiscard]] rendered_file upstream_file(const fleet_config& config, const service& of,
                                          std::span<const weighted_node> nodes, const std::string& command);

// A shell script that runs nginx and lets it follow files; the same for every fleet. Its head says how.
[[nodiscard]] std::string_view nginx_runner();

}  // namespace guildfleet::ops
