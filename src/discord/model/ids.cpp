#include "discord/model/ids.hpp"

#include <charconv>

namespace guildfleet::discord {

std::optional<std::uint64_t> parse_snowflake(std::string_view digits) {
  constexpr std::size_t most_digits = 20;
  if (digits.empty() || digits.size() > most_digits) return std::nullopt;
  std::uint64_t value = 0;
  const char* const begin = digits.data();
  const char* const end = begin + digits.size();
  const auto [stopped, error] = std::from_chars(begin, end, value);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

}  // namespace guildfleet::discord
