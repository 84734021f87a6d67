#include "features/replies.hpp"

#include <algorithm>

namespace guildfleet::features {
namespace {

// What Discord shows in place of the English name.
discord::localizations other_names(const text& name) {
  if (name.in(language::japanese) == name.in(language::english)) return {};
  return {{"ja", std::string(name.in(language::japanese))}};
}

}  // namespace

discord::message_body private_message(std::string content) {
  discord::message_body message;
  message.content = std::move(content);
  message.flags = discord::message_flags::ephemeral;
  return message;
}

discord::command_definition localized_command(const text& name, const text& description) {
  discord::command_definition command;
  command.name = std::string(name.in(language::english));
  command.description = std::string(description.in(language::english));
  command.names = other_names(name);
  command.descriptions["ja"] = std::string(description.in(language::japanese));
  return command;
}

discord::option_definition localized_option(discord::option_type type, const text& name,
                                            const text& description, bool required) {
  discord::command_definition named = localized_command(name, description);
  discord::option_definition option;
  option.type = type;
  option.name = std::move(named.name);
  option.description = std::move(named.description);
  option.names = std::move(named.names);
  option.descriptions = std::move(named.descriptions);
  option.required = required;
  return option;
}

discord::option_definition localized_sub_command(const text& name, const text& description,
                                                 std::vector<discord::option_definition> options) {
  auto command = localized_option(discord::option_type::sub_command, name, description, false);
  command.options = std::move(options);
  return command;
}

discord::choice localized_choice(const text& shown, std::string_view value) {
  return {.name = std::string(shown.in(language::english)),
          .value = std::string(value),
          .names = other_names(shown)};
}

std::string_view localized(const discord::localizations& all, std::string_view otherwise,
                           std::string_view locale) {
  const auto found = all.find(locale);
  return found == all.end() ? otherwise : std::string_view(found->second);
}

bool contains_typed(std::string_view text, std::string_view typed) {
  const auto same = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(a) == lower(b);
  };
  return typed.empty() || !std::ranges::search(text, typed, same).empty();
}

}  // namespace guildfleet::features
