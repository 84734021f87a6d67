#include "features/registry.hpp"

#include <gtest/gtest.h>
#include <set>

namespace guildfleet::features {
namespace {

TEST(registry, names_are_unique_and_fit_into_custom_ids) {
  std::set<std::string_view> seen;
  for (const feature_declaration* item : all_features()) {
    EXPECT_TRUE(seen.insert(item->name).second) << item->name;
    EXPECT_TRUE(discord::encode({std::string(item->name), item->component_version, "x", ""}).has_value());
  }
}

TEST(registry, every_feature_is_found_by_its_name) {
  for (const feature_declaration* item : all_features()) EXPECT_EQ(find_feature(item->name), item);
  EXPECT_EQ(find_feature("no-such-feature"), nullptr);
}

TEST(registry, commands_are_valid_unique_and_localized_to_japanese) {
  std::set<std::string> seen;
  for (const feature_declaration* item : all_features()) {
    if (item->commands == nullptr) continue;
    for (const discord::command_definition& command : item->commands()) {
      EXPECT_TRUE(discord::check(command).has_value()) << command.name;
      EXPECT_TRUE(seen.insert(command.name).second) << command.name;
      EXPECT_TRUE(command.descriptions.contains("ja")) << command.name;
    }
  }
}

TEST(registry, the_probe_is_not_on_by_default) {
  for (const std::string& name : default_feature_names()) EXPECT_NE(name, "probe");
}

}  // namespace
}  // namespace guildfleet::features
