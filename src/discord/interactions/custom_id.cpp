#include "discord/interactions/custom_id.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "base/utf8.hpp"

namespace guildfleet::discord {
namespace {

constexpr std::size_t max_characters = 100;

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

// "v12" gives 12.
std::optional<int> version_in(std::string_view text) {
  if (!text.starts_with('v')) return std::nullopt;
  text.remove_prefix(1);
  int version = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (failed != std::errc{} || end != text.data() + text.size() || version < 1) return std::nullopt;
  return version;
}

}  // namespace

base::result<std::string> encode(const custom_id& id) {
  if (!is_word(id.feature) || !is_word(id.action) || id.version < 1) {
    return base::fail(rest_error::invalid_request, fmt::format("custom_id of feature \"{}\"", id.feature),
                      "Feature and action are made of a-z, 0-9, '_' and '-'.");
  }
  std::string text = fmt::format("{}:v{}:{}:{}", id.feature, id.version, id.action, id.payload);
  if (base::utf8_length(text) > max_characters) {
    return base::fail(rest_error::invalid_request, fmt::format("custom_id of feature \"{}\"", id.feature),
                      "At most 100 characters: keep the payload in the store and put its key here.");
  }
  return text;
}

custom_id_age age_of(const custom_id& id, int current_version) {
  if (id.version == current_version) return custom_id_age::current;
  return id.version < current_version ? custom_id_age::older : custom_id_age::newer;
}

std::optional<custom_id> parse_custom_id(std::string_view text) {
  const std::size_t first = text.find(':');
  const std::size_t second = first == std::string_view::npos ? first : text.find(':', first + 1);
  const std::size_t third = second == std::string_view::npos ? second : text.find(':', second + 1);
  if (third == std::string_view::npos) return std::nullopt;
  const std::string_view feature = text.substr(0, first);
  const std::string_view action = text.substr(second + 1, third - second - 1);
  const auto version = version_in(text.substr(first + 1, second - first - 1));
  if (!version || !is_word(feature) || !is_word(action)) return std::nullopt;
  return custom_id{std::string(feature), *version, std::string(action), std::string(text.substr(third + 1))};
}

}  // namespace guildfleet::discord
