// Why an action in the world was refused.
#pragma once

#include <string_view>
#include <system_error>

#include "base/error_enum.hpp"

namespace guildfleet::sim {

enum class world_error {
  unknown_guild = 1,
  unknown_channel,
  unknown_user,
  unknown_message,
  unknown_bot,
  unknown_command,    // the bot has not registered it
  unknown_component,  // the message has no such custom id
  unknown_interaction,
  no_modal,  // that interaction was not answered with a modal
  not_a_member,
  missing_permission,
  bad_option,  // an option is unknown, missing or not as the command declares it
  bad_input,   // a menu's or a modal's values are none that Discord's client lets a member enter
  bot_not_in_guild,
  empty_message,
  unknown_invite,
};

[[nodiscard]] std::string_view sentence(world_error value);
[[nodiscard]] inline std::error_code make_error_code(world_error value) {
  return base::enum_error_code(value, "sim world");
}

}  // namespace guildfleet::sim

template <>
struct std::is_error_code_enum<guildfleet::sim::world_error> : std::true_type {};
