// What a fleet.yaml that can be read still does wrong: the rules GF1xx.
#pragma once

#include "ops/check/finding.hpp"
#include "ops/fleet_config.hpp"

namespace guildfleet::ops {

// `config` is what was read from `file`.
[[nodiscard]] finding_list check_fleet(const fleet_config& config, const source_text& file);

}  // namespace guildfleet::ops
