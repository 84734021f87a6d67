// An nginx configuration that a person brings, against the rules GF4xx.
#pragma once

#include "ops/check/finding.hpp"

namespace guildfleet::ops {

[[nodiscard]] finding_list check_nginx(const source_text& file);

}  // namespace guildfleet::ops
