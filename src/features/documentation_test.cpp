// docs/features.md and docs/features.ja.md must name the features, commands, options, permissions, settings
// and intents that the declarations have, each page as Discord shows them in its language; the Japanese one
// also tells what a command is called in English.
#include <algorithm>
#include <fmt/ranges.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <sstream>

#include "features/permission_names.hpp"
#include "features/registry.hpp"
#include "features/replies.hpp"

namespace guildfleet::features {
namespace {

struct page_words {
  language in;
  std::string_view locale;
  std::string_view file;
  std::string_view everyone;
  std::string_view needs;  // before the permissions of the bot
  std::string_view nothing;
};

constexpr page_words pages[] = {
    {language::english, "en-US", "features.md", "Everyone", "**The bot needs**: ", "nothing"},
    {language::japanese, "ja", "features.ja.md", "全員", "**ボットに必要な権限**: ", "なし"}};

// What a section says, in comparable form.
struct section {
  std::vector<std::string> commands;  // "/sticky set | text channel | Manage Messages"
  std::vector<std::string> settings;  // "sticky.delay"
  std::string needs;                  // "Send Messages; intents GUILDS, GUILD_MESSAGES"
  bool operator==(const section&) const = default;
};

using sections = std::vector<std::pair<std::string, section>>;

// What stands between back-quotes, in order, with blanks between.
std::string back_quoted(std::string_view cell) {
  std::string out;
  for (std::size_t open = cell.find('`'); open != std::string_view::npos; open = cell.find('`', open + 1)) {
    const std::size_t begin = open + 1;
    open = cell.find('`', begin);
    if (open == std::string_view::npos) break;
    out += (out.empty() ? "" : " ") + std::string(cell.substr(begin, open - begin));
  }
  return out;
}

std::vector<std::string> cells_of(const std::string& row) {
  std::vector<std::string> cells;
  std::istringstream in(row.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) {
    const std::size_t first = cell.find_first_not_of(' ');
    cells.push_back(first == std::string::npos ? std::string()
                                               : cell.substr(first, cell.find_last_not_of(' ') - first + 1));
  }
  return cells;
}

void read_line(const std::string& line, const page_words& words, section& into, const std::string& feature) {
  if (line.starts_with("| `" + feature + ".")) {
    into.settings.push_back(back_quoted(cells_of(line).at(0)));
  } else if (line.starts_with("| `")) {
    const std::vector<std::string> cells = cells_of(line);
    ASSERT_GE(cells.size(), 4U) << line;
    EXPECT_FALSE(cells[3].empty()) << line;
    into.commands.push_back(
        fmt::format("{} | {} | {}", back_quoted(cells[0]), back_quoted(cells[1]), cells[2]));
  } else if (line.starts_with(words.needs)) {
    into.needs = line.substr(words.needs.size());
  }
}

sections documented(const page_words& words) {
  std::ifstream page(std::string(GUILDFLEET_DOCS_DIR "/") + std::string(words.file));
  EXPECT_TRUE(page.is_open()) << words.file;
  sections out;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("## ")) {
      out.emplace_back(back_quoted(line), section{});
    } else if (!out.empty()) {
      read_line(line, words, out.back().second, out.back().first);
    }
  }
  return out;
}

template <class Named>
std::string shown_name(const Named& item, const page_words& words) {
  return std::string(localized(item.names, item.name, words.locale));
}

// What a command is called in the page's language, and in English.
struct command_path {
  std::string shown;
  std::string english;
};

std::string command_row(const command_path& path, const std::vector<discord::option_definition>& options,
                        const discord::command_definition& command, const page_words& words) {
  std::string names;
  for (const discord::option_definition& each : options)
    names += (names.empty() ? "" : " ") + shown_name(each, words);
  const auto& wanted = command.default_member_permissions;
  return fmt::format("{}{} | {} | {}", path.shown, path.shown == path.english ? "" : " " + path.english,
                     names, wanted ? names_of(*wanted, words.in) : std::string(words.everyone));
}

void add_rows(const command_path& path, const std::vector<discord::option_definition>& options,
              const discord::command_definition& command, const page_words& words,
              std::vector<std::string>& into) {
  const auto is_branch = [](const discord::option_definition& each) {
    return each.type == discord::option_type::sub_command ||
           each.type == discord::option_type::sub_command_group;
  };
  if (std::ranges::none_of(options, is_branch)) {
    into.push_back(command_row(path, options, command, words));
    return;
  }
  for (const discord::option_definition& each : options) {
    const command_path below{path.shown + " " + shown_name(each, words), path.english + " " + each.name};
    add_rows(below, each.options, command, words, into);
  }
}

section declared(const feature_declaration& item, const page_words& words) {
  section out;
  if (item.commands != nullptr) {
    for (const discord::command_definition& command : item.commands()) {
      const std::string slash = command.kind == discord::command_kind::chat_input ? "/" : "";
      add_rows({slash + shown_name(command, words), slash + command.name}, command.options, command, words,
               out.commands);
    }
  }
  if (item.settings != nullptr) {
    for (const settings::field& each : item.settings->fields)
      out.settings.push_back(fmt::format("{}.{}", item.name, each.name));
  }
  const std::string permissions = names_of(item.permissions, words.in);
  out.needs =
      fmt::format("{}; **intents**: {}", permissions.empty() ? std::string(words.nothing) : permissions,
                  fmt::join(discord::names_of(item.intents), ", "));
  return out;
}

TEST(documentation, has_a_section_for_each_feature_in_the_order_of_the_registry) {
  for (const page_words& words : pages) {
    SCOPED_TRACE(words.file);
    std::vector<std::string> names;
    for (const auto& [name, what] : documented(words)) names.push_back(name);
    EXPECT_EQ(names, feature_names());
  }
}

TEST(documentation, names_each_command_option_setting_permission_and_intent_and_no_other) {
  for (const page_words& words : pages) {
    for (const auto& [name, what] : documented(words)) {
      SCOPED_TRACE(fmt::format("{} {}", words.file, name));
      const feature_declaration* item = find_feature(name);
      if (item == nullptr) continue;  // told by the test before
      const section wanted = declared(*item, words);
      EXPECT_EQ(what.commands, wanted.commands);
      EXPECT_EQ(what.settings, wanted.settings);
      EXPECT_EQ(what.needs, wanted.needs);
    }
  }
}

}  // namespace
}  // namespace guildfleet::features
