// Finds a message of the bot's own among those of a channel.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "discord/model/ids.hpp"

namespace guildfleet::bot {

// `messages`: the answer to GET /channels/{channel}/messages. A message with another nonce is not it; one
// without a nonce is it when its text is the same. Errors: rest_error::malformed_response.
[[nodiscard]] base::result<std::optional<discord::message_id>> find_own_message(std::string_view messages,
                                                                                discord::user_id self,
                                                                                std::string_view nonce,
                                                                                std::string_view content);

// The `id` of an object that was made. Errors: rest_error::malformed_response.
[[nodiscard]] base::result<std::string> id_of_answer(std::string_view body);

}  // namespace guildfleet::bot
