// A plan for people.
#pragma once

#include "cli/terminal.hpp"
#include "ops/plan/fleet_plan.hpp"

namespace guildfleet::cli {

void print_plan(const ops::fleet_plan& plan, const ops::plan_question& question, const terminal& to);

}  // namespace guildfleet::cli
