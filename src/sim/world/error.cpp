#include "sim/world/error.hpp"

namespace guildfleet::sim {

std::string_view sentence(world_error value) {
  switch (value) {
    case world_error::unknown_guild:
      return "there is no such guild";
    case world_error::unknown_channel:
      return "there is no such channel";
    case world_error::unknown_user:
      return "there is no such user";
    case world_error::unknown_message:
      return "there is no such message";
    case world_error::unknown_bot:
      return "there is no such bot";
    case world_error::unknown_command:
      return "no bot of the guild has registered this command";
    case world_error::unknown_component:
      return "the message has no enabled component with this custom id";
    case world_error::unknown_interaction:
      return "there is no such interaction";
    case world_error::no_modal:
      return "the interaction was not answered with a modal";
    case world_error::not_a_member:
      return "the user is not a member of the guild";
    case world_error::missing_permission:
      return "the member may not do this here";
    case world_error::bad_option:
      return "an option is unknown, missing or not as the command declares it";
    case world_error::bad_input:
      return "Discord's client would not let a member enter this";
    case world_error::bot_not_in_guild:
      return "the bot is not in the guild";
    case world_error::empty_message:
      return "a message needs some content";
    case world_error::unknown_invite:
      return "the guild has no such invite";
  }
  return "an unknown error of the simulated world";
}

}  // namespace guildfleet::sim
