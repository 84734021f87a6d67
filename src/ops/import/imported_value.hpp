// Whether a value of somebody else's variable is one that fleet.yaml takes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace guildfleet::ops {

// As fleet.yaml writes what fits at `path`: "warn" of "WARNING". A value with a variable in it is taken as it
// is. nullopt: it does not fit.
[[nodiscard]] std::optional<std::string> imported_value(std::string_view path, std::string_view written);

}  // namespace guildfleet::ops
