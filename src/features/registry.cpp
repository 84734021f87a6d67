#include "features/registry.hpp"

#include <array>

#include "features/about/about.hpp"
#include "features/guild_config/guild_config.hpp"
#include "features/help/help.hpp"
#include "features/ping/ping.hpp"
#include "features/probe/probe.hpp"

namespace guildfleet::features {

std::span<const feature_declaration* const> all_features() {
  static constexpr std::array features{&ping, &help, &about, &guild_config, &probe, &probe_idle};
  return features;
}

const feature_declaration* find_feature(std::string_view name) {
  for (const feature_declaration* item : all_features()) {
    if (item->name == name) return item;
  }
  return nullptr;
}

std::vector<std::string> feature_names() {
  std::vector<std::string> names;
  for (const feature_declaration* item : all_features()) names.emplace_back(item->name);
  return names;
}

std::vector<std::string> default_feature_names() {
  std::vector<std::string> names;
  for (const feature_declaration* item : all_features()) {
    if (item->by_default) names.emplace_back(item->name);
  }
  return names;
}

}  // namespace guildfleet::features
