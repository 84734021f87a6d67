// A fleet as services of systemd on one machine, without containers.
#pragma once

#include <cstdint>
#include <string>

#include "ops/fleet_config.hpp"
#include "ops/render/deployment.hpp"
#include "ops/render/rendered_file.hpp"

namespace guildfleet::ops {

// The files lie as they do on the machine, below etc/: the template unit guildfleet@.service, a target for
// all of its instances, a configuration and the names of the secrets for each, the user; and the script that
// installs them. PostgreSQL and Redis are somebody else's. No secret's value is in any of it.
[[nodiscard]] rendering render_systemd(const fleet_config& config, const deployment& all);

// The ports of a service follow one another: /health, the API, other nodes.
inline constexpr std::uint16_t ports_of_a_service = 10;

}  // namespace guildfleet::ops
