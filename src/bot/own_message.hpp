// Finds a message of the bot's own among those of a channel.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "bot/posted_messages.hpp"
#include "discord/model/ids.hpp"
#include "discord/rest/message_body.hpp"

namespace guildfleet::bot {

struct own_message_search {
  std::optional<discord::message_id> found;
  std::size_t messages = 0;  // looked at
  discord::message_id newest;
};

// `messages`: the answer to GET /channels/{channel}/messages. Discord gives the nonce to who posts and in
// events only; without one, what the message is made of tells, unless it is another effect's. Errors:
// rest_error::malformed_response.
[[nodiscard]] base::result<own_message_search> find_own_message(std::string_view messages,
                                                                discord::user_id self,
                                                                const discord::message_body& sent,
                                                                const posted_messages& posted);

// The `id` of an object that was made, a snowflake. Errors: rest_error::malformed_response.
[[nodiscard]] base::result<std::string> id_of_answer(std::string_view body);

}  // namespace guildfleet::bot
