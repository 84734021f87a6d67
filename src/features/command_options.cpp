#include "features/command_options.hpp"

#include "features/replies.hpp"

namespace guildfleet::features {

discord::option_definition localized_option(discord::option_type type, const text& name,
                                            const text& description, option_need need) {
  discord::command_definition named = localized_command(name, description);
  discord::option_definition out;
  out.type = type;
  out.name = std::move(named.name);
  out.description = std::move(named.description);
  out.names = std::move(named.names);
  out.descriptions = std::move(named.descriptions);
  out.required = need == option_need::required;
  return out;
}

discord::option_definition sub_command(const text& name, const text& description,
                                       std::vector<discord::option_definition> options) {
  auto out = localized_option(discord::option_type::sub_command, name, description, option_need::optional);
  out.options = std::move(options);
  return out;
}

}  // namespace guildfleet::features
