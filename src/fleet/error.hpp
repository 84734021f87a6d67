// Why the fleet's rules say no.
#pragma once

#include <string_view>
#include <system_error>

#include "base/error_enum.hpp"

namespace guildfleet::fleet {

enum class fleet_error {
  identify_budget = 1,  // too few session starts are left today
  lease_times,          // lease settings that cannot work
};

[[nodiscard]] std::string_view sentence(fleet_error value);
[[nodiscard]] inline std::error_code make_error_code(fleet_error value) {
  return base::enum_error_code(value, "fleet");
}

}  // namespace guildfleet::fleet

template <>
struct std::is_error_code_enum<guildfleet::fleet::fleet_error> : std::true_type {};
