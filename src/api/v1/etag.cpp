#include "api/v1/etag.hpp"

#include <charconv>
#include <fmt/format.h>

namespace guildfleet::api::v1 {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::string etag_of(std::uint64_t version) {
  return fmt::format("\"{}\"", version);
}

std::string etag_of(std::span<const std::pair<std::string_view, std::uint64_t>> versions) {
  std::string text = "\"";
  for (const auto& [feature, version] : versions)
    fmt::format_to(std::back_inserter(text), "{}{}.{}", text.size() == 1 ? "" : ",", feature, version);
  return text + "\"";
}

std::optional<wanted_version> parse_if_match(std::string_view value) {
  value = trimmed(value);
  if (value == "*") return any_version{};
  if (value.size() < 3 || !value.starts_with('"') || !value.ends_with('"')) return std::nullopt;
  const std::string_view digits = value.substr(1, value.size() - 2);
  std::uint64_t version = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  if (failed != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return version;
}

bool none_match_names(std::string_view list, std::string_view etag) {
  if (trimmed(list) == "*") return true;
  while (!list.empty()) {
    // A tag of several features has commas in its quotes.
    const std::size_t open = list.find('"');
    const std::size_t close = open == std::string_view::npos ? open : list.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    if (list.substr(open, close - open + 1) == etag) return true;
    list.remove_prefix(close + 1);
  }
  return false;
}

}  // namespace guildfleet::api::v1
