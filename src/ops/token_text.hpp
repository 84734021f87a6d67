// Tokens that were pasted where none belongs.
#pragma once

#include <string>
#include <string_view>

namespace guildfleet::ops {

// The text with "<token>" for each word that looks like a bot's token: three parts with dots between, the
// first and the last at least 18 characters long.
[[nodiscard]] std::string without_tokens(std::string_view text);

}  // namespace guildfleet::ops
