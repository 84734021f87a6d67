// A plan as a picture: shards, memory and start-up time over the months, as an SVG of its own. Legible on
// light and dark backgrounds, without fonts or anything else from outside; title and description for those
// who hear it.
#pragma once

#include <string>

#include "ops/plan/fleet_plan.hpp"

namespace guildfleet::ops {

[[nodiscard]] std::string growth_picture(const fleet_plan& plan, const plan_question& question);

}  // namespace guildfleet::ops
