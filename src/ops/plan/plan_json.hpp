// A plan for programs: what `guildfleet plan -o json` prints (docs/planning.md lists its members).
#pragma once

#include <boost/json/object.hpp>

#include "ops/plan/fleet_plan.hpp"

namespace guildfleet::ops {

// Times are seconds, sizes bytes, shares parts of 1.
[[nodiscard]] boost::json::object plan_json(const fleet_plan& plan, const plan_question& question);

}  // namespace guildfleet::ops
