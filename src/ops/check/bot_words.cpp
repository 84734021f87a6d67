#include "ops/check/bot_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace guildfleet::ops {
namespace {

bool is_word_part(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool is_bot_word(std::string_view word) {
  constexpr std::array<std::string_view, 5> known = {"discord", "guildfleet", "shard", "shards", "discordjs"};
  if (std::ranges::find(known, word) != known.end()) return true;
  while (!word.empty() && std::isdigit(static_cast<unsigned char>(word.back())) != 0) word.remove_suffix(1);
  if (word.ends_with("robot") || word.ends_with("robots")) return false;
  return word.ends_with("bot") || word.ends_with("bots");
}

}  // namespace

bool names_bot(std::string_view name) {
  while (!name.empty()) {
    const auto end = std::ranges::find_if_not(name, is_word_part);
    std::string word(name.begin(), end);
    std::ranges::transform(word, word.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (is_bot_word(word)) return true;
    name.remove_prefix(std::min(word.size() + 1, name.size()));
  }
  return false;
}

}  // namespace guildfleet::ops
