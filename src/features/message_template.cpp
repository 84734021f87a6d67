#include "features/message_template.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/utf8.hpp"

namespace guildfleet::features {
namespace {

constexpr std::size_t longest_name = 40;  // of a placeholder

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_name && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
  });
}

// Calls `literal(text)` and `name(inside braces)` in turn.
template <class Literal, class Name>
void walk(std::string_view text, Literal literal, Name name) {
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string_view inside = text.substr(open + 1, close - open - 1);
    if (is_name(inside)) {
      literal(text.substr(0, open));
      name(inside);
      text.remove_prefix(close + 1);
    } else {
      literal(text.substr(0, open + 1));
      text.remove_prefix(open + 1);
    }
  }
  literal(text);
}

bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

// Turns the direction of text around, or has no width: U+200B to U+200F, U+202A to U+202E, U+2060 to U+2069,
// U+FEFF.
bool is_trick(std::string_view character) {
  if (character == "\uFEFF") return true;
  if (character.size() != 3 || character[0] != '\xE2') return false;
  const auto second = static_cast<unsigned char>(character[1]);
  const auto third = static_cast<unsigned char>(character[2]);
  if (second == 0x80) return (third >= 0x8B && third <= 0x8F) || (third >= 0xAA && third <= 0xAE);
  return second == 0x81 && third >= 0xA0 && third <= 0xA9;
}

std::string valid(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t good = base::utf8_valid_prefix(text);
    out += text.substr(0, good);
    text.remove_prefix(good);
    if (text.empty()) break;
    out += "\uFFFD";
    text.remove_prefix(1);
  }
  return out;
}

std::size_t size_of_character(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0x80U) return 1;
  if (byte < 0xE0U) return 2;
  return byte < 0xF0U ? 3 : 4;
}

}  // namespace

std::string fill(std::string_view text, std::span<const placeholder> values, std::size_t limit) {
  std::string out;
  walk(
      text, [&out](std::string_view literal) { out += literal; },
      [&](std::string_view name) {
        const auto found = std::ranges::find(values, name, &placeholder::name);
        if (found == values.end())
          out.append("{").append(name).append("}");
        else
          out += found->trusted ? found->value : plain(found->value);
      });
  return clipped(valid(out), limit);
}

std::vector<std::string> unknown_placeholders(std::string_view text,
                                              std::span<const std::string_view> known) {
  std::vector<std::string> out;
  walk(
      text, [](std::string_view) {},
      [&](std::string_view name) {
        if (std::ranges::find(known, name) == known.end() && std::ranges::find(out, name) == out.end())
          out.emplace_back(name);
      });
  return out;
}

std::string plain(std::string_view name) {
  const std::string whole = valid(name);
  std::string out;
  for (std::size_t at = 0; at < whole.size();) {
    const std::string_view character = std::string_view(whole).substr(at, size_of_character(whole[at]));
    at += character.size();
    const char first = character.front();
    if (is_trick(character)) continue;
    if (static_cast<unsigned char>(first) < 0x20U || first == '\x7F') {
      out += ' ';
      continue;
    }
    // Discord shows what follows a backslash as it is, unless it is a letter, a digit or a space.
    if (is_punctuation(first)) out += '\\';
    out += character;
  }
  return out;
}

std::string shown_time(base::wall_time when, char style) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(when).time_since_epoch();
  return fmt::format("<t:{}:{}>", seconds.count(), style);
}

std::string clipped(std::string text, std::size_t limit) {
  if (base::utf8_length(text) <= limit) return text;
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  std::size_t seen = 0;
  const auto cut = std::ranges::find_if(text, [&](char c) { return begins(c) && ++seen == limit; });
  text.erase(cut, text.end());
  return text + "…";
}

}  // namespace guildfleet::features
