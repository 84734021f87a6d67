#include "features/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "base/utf8.hpp"

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

TEST(registry, variants_have_names_of_their_own_and_short_sentences) {
  for (const feature_declaration* item : all_features()) {
    std::set<std::string_view> seen;
    for (const variant_declaration& variant : item->variants) {
      SCOPED_TRACE(variant.name);
      EXPECT_TRUE(seen.insert(variant.name).second);
      EXPECT_NE(variant.name, "control") << "what reports call the servers without a variant";
      EXPECT_EQ(variant.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-"), std::string::npos);
      for (const language each : {language::english, language::japanese})
        EXPECT_LE(base::utf8_length(variant.what.in(each)), 100U);
      EXPECT_EQ(find_variant(item->name, variant.name), &variant);
    }
    EXPECT_EQ(variant_names().contains(std::string(item->name)), !item->variants.empty());
  }
  EXPECT_EQ(find_variant("no-such-feature", "x"), nullptr);
}

// What listens to events or needs permissions is asked for by name.
TEST(registry, by_default_a_bot_has_what_costs_nothing) {
  EXPECT_THAT(default_feature_names(), testing::ElementsAre("ping", "help", "about", "guild-config"));
}

// Discord sends a guild's message events for channels that the bot can see, and no others.
TEST(registry, who_hears_messages_says_that_it_must_see_channels) {
  for (const feature_declaration* item : all_features()) {
    if (item->intents.has(discord::intent::guild_messages))
      EXPECT_TRUE(item->permissions.has(discord::permission::view_channel)) << item->name;
    EXPECT_TRUE(item->permissions.without(discord::all_permissions).empty()) << item->name;
    EXPECT_FALSE(item->permissions.has(discord::permission::administrator)) << item->name;
  }
}

}  // namespace
}  // namespace guildfleet::features
