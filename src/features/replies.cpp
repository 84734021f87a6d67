#include "features/replies.hpp"

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

}  // namespace guildfleet::features
