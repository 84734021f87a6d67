// The Ingress: /music/health goes to the pods of bot music.
#pragma once

#include <string>

#include "ops/fleet_config.hpp"
#include "ops/render/deployment.hpp"

namespace guildfleet::ops {

// Name of the Secret with the certificate of deploy.host.
inline constexpr std::string_view gateway_certificate = "gateway-tls";

// A fleet of services has one, and one that names deploy.host.
[[nodiscard]] bool has_ingress(const fleet_config& config, const deployment& all);

// It belongs to one namespace, the one of production.
[[nodiscard]] std::string ingress_objects(const fleet_config& config, const deployment& all);

}  // namespace guildfleet::ops
