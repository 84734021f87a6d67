// Unicode's emojis, of which Discord takes one for a button or an option, and refuses any other text.
#pragma once

#include <string_view>

namespace guildfleet::features {

// Of a valid UTF-8 text: it is one emoji, also one of several code points, and nothing else.
[[nodiscard]] bool is_one_emoji(std::string_view text);

}  // namespace guildfleet::features
