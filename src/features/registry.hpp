// Every feature of this program. Adding one: its folder, and its declaration in registry.cpp.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "features/feature.hpp"

namespace guildfleet::features {

[[nodiscard]] std::span<const feature_declaration* const> all_features();

// nullptr when there is none of that name.
[[nodiscard]] const feature_declaration* find_feature(std::string_view name);

// nullptr when there is no such feature or variant.
[[nodiscard]] const variant_declaration* find_variant(std::string_view feature, std::string_view variant);

[[nodiscard]] std::vector<std::string> feature_names();
[[nodiscard]] std::vector<std::string> default_feature_names();
// By the feature's name; of those that have some.
[[nodiscard]] std::map<std::string, std::vector<std::string>> variant_names();

}  // namespace guildfleet::features
