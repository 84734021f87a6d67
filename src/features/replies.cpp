#include "features/replies.hpp"

#include <algorithm>

namespace guildfleet::features {

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
  const std::string japanese_name(name.in(language::japanese));
  if (japanese_name != command.name) command.names["ja"] = japanese_name;
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

bool contains_typed(std::string_view text, std::string_view typed) {
  const auto same = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(a) == lower(b);
  };
  return typed.empty() || !std::ranges::search(text, typed, same).empty();
}

}  // namespace guildfleet::features
