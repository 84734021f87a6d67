// What features say to people, all of it: both languages (which the compiler holds texts to), Discord's
// limits for commands, and settings that can be shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/utf8.hpp"
#include "features/registry.hpp"
#include "settings/units.hpp"

namespace guildfleet::features {
namespace {

using discord::localizations;
using discord::option_definition;

constexpr std::size_t longest_title = 45;  // of a setting, also as the label of a form's field
constexpr std::size_t longest_help = 100;  // as the description of an option

bool has_japanese(const localizations& texts) {
  const auto found = texts.find("ja");
  return found != texts.end() && !found->second.empty();
}

void expect_whole(const std::string& path, const std::vector<option_definition>& options) {
  for (const option_definition& each : options) {
    SCOPED_TRACE(path + " " + each.name);
    EXPECT_TRUE(has_japanese(each.descriptions));
    EXPECT_NE(each.description, each.descriptions.at("ja")) << "the same in both languages";
    expect_whole(path + " " + each.name, each.options);
  }
}

void expect_whole(std::span<const settings::field> fields) {
  for (const settings::field& each : fields) {
    SCOPED_TRACE(each.name);
    for (const language in : {language::english, language::japanese}) {
      EXPECT_LE(base::utf8_length(each.title.in(in)), longest_title);
      EXPECT_LE(base::utf8_length(each.help.in(in)), longest_help);
    }
    EXPECT_TRUE(each.unit.empty() || settings::has_words(each.unit)) << each.unit;
    for (const settings::choice_name& choice : each.choices) {
      for (const language in : {language::english, language::japanese})
        EXPECT_LE(base::utf8_length(choice.title.in(in)), longest_title);
    }
    expect_whole(each.members);
  }
}

TEST(text_catalogue, commands_and_options_are_whole_in_both_languages) {
  for (const feature_declaration* item : all_features()) {
    if (item->commands == nullptr) continue;
    for (const discord::command_definition& command : item->commands()) {
      SCOPED_TRACE(command.name);
      const auto checked = discord::check(command);
      EXPECT_TRUE(checked) << checked.error().message();
      const bool menu = command.kind != discord::command_kind::chat_input;
      EXPECT_TRUE(has_japanese(menu ? command.names : command.descriptions));
      expect_whole(command.name, command.options);
    }
  }
}

TEST(text_catalogue, settings_are_sound_and_short_enough_to_be_shown) {
  for (const feature_declaration* item : all_features()) {
    if (item->settings == nullptr) continue;
    SCOPED_TRACE(item->name);
    EXPECT_EQ(item->settings->feature, item->name);
    EXPECT_TRUE(settings::sound(*item->settings));
    expect_whole(item->settings->fields);
  }
}

}  // namespace
}  // namespace guildfleet::features
