// NetworkPolicies: nothing is allowed but what a fleet needs.
#pragma once

#include <cstdint>
#include <string>

#include "ops/fleet_config.hpp"
#include "ops/render/deployment.hpp"

namespace guildfleet::ops {

// The port of an address such as https://discord.com/api.
[[nodiscard]] std::uint16_t port_of_url(std::string_view url);

[[nodiscard]] std::string network_policies(const fleet_config& config, const deployment& all);

}  // namespace guildfleet::ops
