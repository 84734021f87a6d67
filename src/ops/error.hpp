// Why a fleet cannot be planned, rendered or asked about.
#pragma once

#include <string_view>
#include <system_error>

#include "base/error_enum.hpp"

namespace guildfleet::ops {

enum class ops_error {
  not_renderable = 1,  // the fleet does not fit the way in which it is to be deployed
  no_such_bot,         // a name that no bot of the fleet has, or none where one is needed
};

[[nodiscard]] std::string_view sentence(ops_error value);
[[nodiscard]] inline std::error_code make_error_code(ops_error value) {
  return base::enum_error_code(value, "ops");
}

}  // namespace guildfleet::ops

template <>
struct std::is_error_code_enum<guildfleet::ops::ops_error> : std::true_type {};
