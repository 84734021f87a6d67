// Versions of settings as entity tags (RFC 9110, 8.8.3).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace guildfleet::api::v1 {

[[nodiscard]] std::string etag_of(std::uint64_t version);
// Of several features together: changes when one of them does.
[[nodiscard]] std::string etag_of(std::span<const std::pair<std::string_view, std::uint64_t>> versions);

struct any_version {
  bool operator==(const any_version&) const = default;
};
using wanted_version = std::variant<std::uint64_t, any_version>;
// Of If-Match: one strong tag of etag_of(version), or "*". nullopt: neither.
[[nodiscard]] std::optional<wanted_version> parse_if_match(std::string_view value);

// Whether If-None-Match, a list of tags or "*", names `etag`.
[[nodiscard]] bool none_match_names(std::string_view list, std::string_view etag);

}  // namespace guildfleet::api::v1
