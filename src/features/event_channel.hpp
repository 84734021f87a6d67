// What events of channels say.
#pragma once

#include <string_view>

#include "discord/model/ids.hpp"

namespace guildfleet::features {

// The channel that a CHANNEL_* or THREAD_* event is of: the id at the root of its data, not those of
// overwrites and members in it. Empty: there is none.
[[nodiscard]] discord::channel_id channel_of_event(std::string_view data);

}  // namespace guildfleet::features
