// Every feature of this program. Adding one: its folder, and its declaration in registry.cpp.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "features/feature.hpp"

namespace guildfleet::features {

[[nodiscard]] std::span<const feature_declaration* const> all_features();

// nullptr when there is none of that name.
[[nodiscard]] const feature_declaration* find_feature(std::string_view name);

[[nodiscard]] std::vector<std::string> feature_names();
[[nodiscard]] std::vector<std::string> default_feature_names();

}  // namespace guildfleet::features
