// The text of the files that `guildfleet init` writes.
#pragma once

#include <string_view>

namespace guildfleet::cli {

[[nodiscard]] std::string_view example_fleet_yaml();
[[nodiscard]] std::string_view example_env();

}  // namespace guildfleet::cli
