// Reading fields of an interaction that may be absent, null, text or number (protocol sheet 2.1).
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "discord/model/ids.hpp"
#include "discord/model/permissions.hpp"

namespace guildfleet::discord::reading {

namespace json = boost::json;

[[nodiscard]] inline const json::value* find(const json::object& in, std::string_view key) {
  const json::value* value = in.if_contains(json::string_view(key.data(), key.size()));
  return value == nullptr || value->is_null() ? nullptr : value;
}

[[nodiscard]] inline const json::object* object_at(const json::object& in, std::string_view key) {
  const json::value* value = find(in, key);
  return value == nullptr ? nullptr : value->if_object();
}

[[nodiscard]] inline const json::array* array_at(const json::object& in, std::string_view key) {
  const json::value* value = find(in, key);
  return value == nullptr ? nullptr : value->if_array();
}

[[nodiscard]] inline std::string_view text_at(const json::object& in, std::string_view key) {
  const json::value* value = find(in, key);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

[[nodiscard]] inline std::optional<std::int64_t> integer_of(const json::value& value) {
  if (const auto* number = value.if_int64()) return *number;
  if (value.is_double() && value.get_double() >= -9.0e15 && value.get_double() <= 9.0e15) {
    return static_cast<std::int64_t>(value.get_double());
  }
  return std::nullopt;
}

[[nodiscard]] inline int integer_at(const json::object& in, std::string_view key, int otherwise = 0) {
  const json::value* value = find(in, key);
  const auto number = value == nullptr ? std::nullopt : integer_of(*value);
  return number && *number >= INT32_MIN && *number <= INT32_MAX ? static_cast<int>(*number) : otherwise;
}

[[nodiscard]] inline bool boolean_at(const json::object& in, std::string_view key) {
  const json::value* value = find(in, key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

// An id as text or number; 0 when absent or wrong.
[[nodiscard]] inline std::uint64_t id_of(const json::value& value) {
  if (const auto* text = value.if_string()) {
    return parse_snowflake(std::string_view(text->data(), text->size())).value_or(0);
  }
  if (const auto* number = value.if_int64()) return *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
  if (const auto* number = value.if_uint64()) return *number;
  return 0;
}

template <class Id>
[[nodiscard]] Id id_at(const json::object& in, std::string_view key) {
  const json::value* value = find(in, key);
  return value == nullptr ? Id{} : Id{id_of(*value)};
}

[[nodiscard]] inline permission_set permissions_at(const json::object& in, std::string_view key) {
  return parse_permissions(text_at(in, key)).value_or(permission_set());
}

}  // namespace guildfleet::discord::reading
