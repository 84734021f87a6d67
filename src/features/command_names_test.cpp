// What commands, options and choices are called in each language: as Discord takes it, no two alike, and as
// the texts that mention commands call them.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <regex>
#include <set>

#include "features/registry.hpp"
#include "features/replies.hpp"

namespace guildfleet::features {
namespace {

using discord::option_definition;

constexpr std::string_view locales[] = {"en-US", "ja"};
constexpr std::string_view said_in_japanese_too = "ban";  // as Discord's own client does

std::vector<discord::command_definition> all_commands() {
  std::vector<discord::command_definition> out;
  for (const feature_declaration* item : all_features()) {
    if (item->commands != nullptr) std::ranges::move(item->commands(), std::back_inserter(out));
  }
  return out;
}

template <class Named>
std::string name_in(std::string_view locale, const Named& item) {
  return std::string(localized(item.names, item.name, locale));
}

bool is_japanese(std::string_view text) {  // the first byte of kana and kanji
  return std::ranges::any_of(text, [](unsigned char each) { return each >= 0xE3 && each <= 0xE9; });
}

// Of ^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$ without capitals what English and Japanese need: neither
// blanks nor the signs that stand between kana.
bool fits(const std::string& name) {
  static const std::regex one(
      "[-_'a-z0-9]|"
      "\xE3\x81[\x81-\xBF]|\xE3\x82[\x80-\x96\xA1-\xBF]|\xE3\x83[\x80-\xBA\xBC]|"
      "[\xE4-\xE9][\x80-\xBF][\x80-\xBF]");
  const auto begin = std::sregex_iterator(name.begin(), name.end(), one);
  std::size_t taken = 0;
  std::size_t length = 0;
  for (auto each = begin; each != std::sregex_iterator(); ++each, ++length)
    taken += static_cast<std::size_t>(each->length());
  return taken == name.size() && length >= 1 && length <= 32;
}

template <class Named>
void expect_apart(const std::vector<Named>& items) {
  for (const std::string_view locale : locales) {
    std::set<std::string> seen;
    for (const Named& each : items) {
      EXPECT_TRUE(seen.insert(name_in(locale, each)).second)
          << "twice in " << locale << ": " << name_in(locale, each);
    }
  }
}

template <class Named>
void expect_fitting(const Named& item) {
  const std::string japanese = name_in("ja", item);
  EXPECT_TRUE(fits(item.name)) << item.name;
  EXPECT_TRUE(fits(japanese)) << japanese;
  EXPECT_TRUE(is_japanese(japanese) || item.name == said_in_japanese_too) << item.name;
}

void expect_fitting(const std::string& path, const std::vector<option_definition>& options) {
  SCOPED_TRACE(path);
  expect_apart(options);
  for (const option_definition& each : options) {
    expect_fitting(each);
    expect_apart(each.choices);
    expect_fitting(path + " " + each.name, each.options);
  }
}

TEST(command_names, are_japanese_where_the_client_is_fit_discords_rule_and_tell_siblings_apart) {
  const std::vector<discord::command_definition> commands = all_commands();
  expect_apart(commands);
  for (const discord::command_definition& each : commands) {
    expect_fitting(each);
    expect_fitting(each.name, each.options);
  }
}

// "/sticky" and "/sticky set".
std::set<std::string> paths_in(std::string_view locale) {
  std::set<std::string> out;
  for (const discord::command_definition& command : all_commands()) {
    const std::string path = "/" + name_in(locale, command);
    out.insert(path);
    for (const option_definition& each : command.options) {
      if (each.type == discord::option_type::sub_command) out.insert(path + " " + name_in(locale, each));
    }
  }
  return out;
}

// The string literals of a source, adjacent ones as the one that they are.
std::vector<std::string> literals_of(const std::filesystem::path& file) {
  static const std::regex run(R"re("(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*)re");
  static const std::regex seam(R"re("\s*")re");
  std::ifstream in(file);
  const std::string source(std::istreambuf_iterator<char>(in), {});
  std::vector<std::string> out;
  for (std::sregex_iterator each(source.begin(), source.end(), run), end; each != end; ++each)
    out.push_back(std::regex_replace(each->str(), seam, ""));
  return out;
}

// Where a command is mentioned: a slash that no word, number or address goes on with.
std::vector<std::size_t> mentions_in(std::string_view text) {
  std::vector<std::size_t> out;
  for (std::size_t at = text.find('/', 1); at < text.size(); at = text.find('/', at + 1)) {
    const auto before = static_cast<unsigned char>(text[at - 1]);
    const auto after = static_cast<unsigned char>(text[at + 1]);  // the closing quote at the latest
    const bool goes_on = (before < 0x80 && std::isalnum(before) != 0) || before == '/' || before == ':';
    if (!goes_on && (after >= 0x80 || std::islower(after) != 0)) out.push_back(at);
  }
  return out;
}

TEST(command_names, are_those_by_which_texts_mention_commands_in_back_quotes) {
  const std::set<std::string> english = paths_in("en-US");
  const std::set<std::string> japanese = paths_in("ja");
  std::size_t mentions[2] = {};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(GUILDFLEET_FEATURES_DIR)) {
    if (!entry.path().filename().string().ends_with("_texts.hpp")) continue;
    for (const std::string& text : literals_of(entry.path())) {
      for (const std::size_t at : mentions_in(text)) {
        const std::string rest = text.substr(at);
        const std::string word = rest.substr(0, rest.find_first_not_of("/abcdefghijklmnopqrstuvwxyz-"));
        if (word == "/bump" || word == "/up") continue;  // of other bots
        EXPECT_EQ(text[at - 1], '`') << text;
        EXPECT_TRUE((is_japanese(text) ? japanese : english).contains(rest.substr(0, rest.find('`'))))
            << text;
        ++mentions[is_japanese(text) ? 1 : 0];
      }
    }
  }
  EXPECT_GE(mentions[0], 20U);
  EXPECT_EQ(mentions[0], mentions[1]);
}

}  // namespace
}  // namespace guildfleet::features
