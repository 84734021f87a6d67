// Text as both databases hold it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace guildfleet::store {

// What no database takes, NUL and bytes that are not UTF-8, becomes U+FFFD.
[[nodiscard]] std::string stored_text(std::string_view text);
// The same, cut behind the last whole character within `limit` bytes.
[[nodiscard]] std::string stored_text(std::string_view text, std::size_t limit);

}  // namespace guildfleet::store
