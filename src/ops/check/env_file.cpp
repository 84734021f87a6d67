#include "ops/check/env_file.hpp"

namespace guildfleet::ops {

std::span<const check_rule> env_rules() {
  return {};
}

finding_list check_env_file(const env_file_input& /*input*/) {
  return {};
}

}  // namespace guildfleet::ops
