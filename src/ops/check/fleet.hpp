// What a fleet.yaml that can be read still does wrong: the rules GF1xx.
#pragma once

#include "ops/check/finding.hpp"
#include "ops/fleet_config.hpp"

namespace guildfleet::ops {

// `config` is what was read from `file`.
[[nodiscard]] finding_list check_fleet(const fleet_config& config, const source_text& file);

// What the reader of fleet.yaml complains of, as GF101 and GF102.
[[nodiscard]] finding_list findings_of(const base::problem_list& problems);

}  // namespace guildfleet::ops
