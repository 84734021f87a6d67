// Finds a message of the bot's own among those of a channel.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "discord/model/ids.hpp"

namespace guildfleet::bot {

struct own_message_search {
  std::optional<discord::message_id> found;
  std::size_t messages = 0;  // looked at
  discord::message_id newest;
};

// `messages`: the answer to GET /channels/{channel}/messages. A message with another nonce is not it; one
// without a nonce is it when its text is the same. Errors: rest_error::malformed_response.
[[nodiscard]] base::result<own_message_search> find_own_message(std::string_view messages,
                                                                discord::user_id self, std::string_view nonce,
                                                                std::string_view content);

// The `id` of an object that was made, a snowflake. Errors: rest_error::malformed_response.
[[nodiscard]] base::result<std::string> id_of_answer(std::string_view body);

}  // namespace guildfleet::bot
