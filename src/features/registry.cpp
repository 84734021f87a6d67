#include "features/registry.hpp"

#include <array>

#include "features/about/about.hpp"
#include "features/guild_config/guild_config.hpp"
#include "features/help/help.hpp"
#include "features/ping/ping.hpp"
#include "features/probe/probe.hpp"
#include "features/role_panel/role_panel.hpp"
#include "features/ticket/ticket.hpp"

namespace guildfleet::features {

std::span<const feature_declaration* const> all_features() {
  static constexpr std::array features{&ping,       &help,   &about, &guild_config,
                                       &role_panel, &ticket, &probe, &probe_idle};
  return features;
}

const feature_declaration* find_feature(std::string_view name) {
  for (const feature_declaration* item : all_features()) {
    if (item->name == name) return item;
  }
  return nullptr;
}

const variant_declaration* find_variant(std::string_view feature, std::string_view variant) {
  const feature_declaration* declaration = find_feature(feature);
  if (declaration == nullptr) return nullptr;
  for (const variant_declaration& item : declaration->variants) {
    if (item.name == variant) return &item;
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

std::map<std::string, std::vector<std::string>> variant_names() {
  std::map<std::string, std::vector<std::string>> names;
  for (const feature_declaration* item : all_features()) {
    for (const variant_declaration& variant : item->variants)
      names[std::string(item->name)].emplace_back(variant.name);
  }
  return names;
}

}  // namespace guildfleet::features
