// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace guildfleet::base {

// Length in bytes of the longest prefix made of whole, valid code points.
[[nodiscard]] std::size_t utf8_valid_prefix(std::string_view text) noexcept;

[[nodiscard]] inline bool utf8_valid(std::string_view text) noexcept {
  return utf8_valid_prefix(text) == text.size();
}

// Number of code points of a valid text.
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;

}  // namespace guildfleet::base
