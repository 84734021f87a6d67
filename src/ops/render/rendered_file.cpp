#include "ops/render/rendered_file.hpp"

#include <fmt/format.h>

namespace guildfleet::ops {

std::string header_of(const std::string& command, const std::string& mark) {
  return fmt::format(
      "{0}Written by: {1}\n{0}Change fleet.yaml and render again: what is changed here is lost then.\n", mark,
      command);
}

std::string_view target_that_wrote(std::string_view text) {
  constexpr std::string_view words = "Written by: guildfleet render ";
  constexpr std::size_t longest_head = 1'000;  // JSON has it in one of its first values
  const std::string_view head = text.substr(0, longest_head);
  const std::size_t at = head.find(words);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = head.substr(at + words.size());
  return rest.substr(0, rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz"));
}

}  // namespace guildfleet::ops
