#include "ops/check/fleet.hpp"

namespace guildfleet::ops {

std::span<const check_rule> fleet_rules() {
  return {};
}

finding_list check_fleet(const fleet_config& /*config*/, const source_text& /*file*/) {
  return {};
}

}  // namespace guildfleet::ops
