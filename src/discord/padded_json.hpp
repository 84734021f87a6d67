// For tests: a text with the readable bytes behind it that the readers ask for.
#pragma once

#include <string>
#include <string_view>

#include "discord/gateway/envelope.hpp"

namespace guildfleet::discord {

class padded_json final {
 public:
  explicit padded_json(std::string_view text) : text_(text), size_(text.size()) {
    text_.append(message_padding, '\0');
  }
  operator std::string_view() const {
    return std::string_view(text_).substr(0, size_);
  }  // NOLINT: reads as the text

 private:
  std::string text_;
  std::size_t size_;
};

}  // namespace guildfleet::discord
