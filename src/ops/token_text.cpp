#include "ops/token_text.hpp"

#include <algorithm>
#include <array>

namespace guildfleet::ops {
namespace {

constexpr std::size_t long_part = 18;
constexpr std::size_t middle_part = 4;

bool in_token(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.';
}

// Three parts in a row anywhere in the word: what stands around a token may be glued to it.
bool holds_token(std::string_view word) {
  std::array<std::size_t, 3> sizes{};
  while (true) {
    const std::string_view part = word.substr(0, word.find('.'));
    sizes = {sizes[1], sizes[2], part.size()};
    if (sizes[0] >= long_part && sizes[1] >= middle_part && sizes[2] >= long_part) return true;
    if (part.size() == word.size()) return false;
    word.remove_prefix(part.size() + 1);
  }
}

}  // namespace

std::string without_tokens(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::ranges::find_if_not(text, in_token);
    const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    out += holds_token(word) ? std::string_view("<token>") : word;
    text.remove_prefix(word.size());
    const auto next = std::ranges::find_if(text, in_token);
    out += text.substr(0, static_cast<std::size_t>(next - text.begin()));
    text.remove_prefix(static_cast<std::size_t>(next - text.begin()));
  }
  return out;
}

}  // namespace guildfleet::ops
