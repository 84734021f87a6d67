#include "ops/check/nginx.hpp"

namespace guildfleet::ops {

std::span<const check_rule> nginx_rules() {
  return {};
}

finding_list check_nginx(const source_text& /*file*/) {
  return {};
}

}  // namespace guildfleet::ops
