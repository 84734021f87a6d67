#include "store/stored_text.hpp"

#include "base/utf8.hpp"

namespace guildfleet::store {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

}  // namespace

std::string stored_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::string_view sound = text.substr(0, base::utf8_valid_prefix(text));
    for (const char c : sound) {
      if (c == '\0') {
        out += replacement;
      } else {
        out += c;
      }
    }
    text.remove_prefix(sound.size());
    if (text.empty()) break;
    out += replacement;
    text.remove_prefix(1);
  }
  return out;
}

std::string stored_text(std::string_view text, std::size_t limit) {
  std::string out = stored_text(text);
  if (out.size() > limit) out.resize(base::utf8_valid_prefix(std::string_view(out).substr(0, limit)));
  return out;
}

}  // namespace guildfleet::store
