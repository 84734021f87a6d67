// Permissions as Discord's client names them, in the user's language.
#pragma once

#include <string>

#include "discord/model/permissions.hpp"
#include "features/text.hpp"

namespace guildfleet::features {

// "Manage Roles, Send Messages", in ascending order of bits.
[[nodiscard]] std::string names_of(discord::permission_set permissions, language in);

}  // namespace guildfleet::features
