// Deleting many messages: Discord takes up to 100 together, but none older than two weeks (protocol
// sheet 3.5).
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "discord/model/ids.hpp"
#include "discord/rest/request.hpp"

namespace guildfleet::features {

// Less by some minutes than Discord's limit, as time passes until they are deleted.
inline constexpr std::chrono::minutes deleted_at_once_within =
    std::chrono::days(14) - std::chrono::minutes(20);

[[nodiscard]] inline bool is_deleted_at_once(discord::message_id message, base::wall_time now) {
  return message.created_at() > now - deleted_at_once_within;
}

// What goes together: the old ones one by one, then the others.
[[nodiscard]] std::vector<std::vector<discord::message_id>> deletion_batches(
    const std::vector<discord::message_id>& messages, base::wall_time now);

// Of one batch. Errors: those of the endpoints.
[[nodiscard]] base::result<discord::request> deletion_of(discord::channel_id channel,
                                                         const std::vector<discord::message_id>& batch,
                                                         const std::string& reason);

}  // namespace guildfleet::features
