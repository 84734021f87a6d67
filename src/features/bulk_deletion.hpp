// Which messages Discord deletes together (protocol sheet 3.5: not those older than two weeks).
#pragma once

#include "base/clock.hpp"
#include "discord/model/ids.hpp"

namespace guildfleet::features {

// Less by some minutes than Discord's limit, as time passes until they are deleted.
inline constexpr std::chrono::minutes deleted_at_once_within =
    std::chrono::days(14) - std::chrono::minutes(20);

[[nodiscard]] inline bool is_deleted_at_once(discord::message_id message, base::wall_time now) {
  return message.created_at() > now - deleted_at_once_within;
}

}  // namespace guildfleet::features
