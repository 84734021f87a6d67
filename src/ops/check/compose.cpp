#include "ops/check/compose.hpp"

namespace guildfleet::ops {

std::span<const check_rule> compose_rules() {
  return {};
}

finding_list check_compose(const compose_input& /*input*/) {
  return {};
}

}  // namespace guildfleet::ops
