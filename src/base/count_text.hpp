// Numbers of things in English texts.
#pragma once

#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <string_view>

namespace guildfleet::base {

// "1 node", "2 nodes": for words whose plural ends in s.
[[nodiscard]] inline std::string count_text(std::uint64_t number, std::string_view word) {
  return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
}

}  // namespace guildfleet::base
