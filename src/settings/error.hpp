// What can go wrong with settings, beside what the store says.
#pragma once

#include <string_view>
#include <system_error>

#include "base/error_enum.hpp"

namespace guildfleet::settings {

enum class settings_error {
  malformed = 1,    // not JSON
  not_an_object,    // JSON, but no object
  too_large,        // more bytes than are allowed
  too_deep,         // nested deeper than is allowed
  too_many_values,  // more values than are allowed
  duplicate_key,    // one object names a key twice
  unknown_feature,  // no feature of this name has settings
  wrong_format,     // an import that no export of ours wrote
  no_such_change,   // the history has no change of this number in this guild
  changed_since,    // the fields of the change to undo have been changed again
  contended,        // others changed the same settings again and again
};

[[nodiscard]] std::string_view sentence(settings_error value);
[[nodiscard]] inline std::error_code make_error_code(settings_error value) {
  return base::enum_error_code(value, "settings");
}

}  // namespace guildfleet::settings

template <>
struct std::is_error_code_enum<guildfleet::settings::settings_error> : std::true_type {};
