// From a valid object with defaults to a feature's own struct. What is absent, or of another kind, reads as
// the type's empty value.
#pragma once

#include <charconv>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "settings/document.hpp"

namespace guildfleet::settings {

[[nodiscard]] inline bool flag(const json::object& values, std::string_view name) {
  const json::value* value = values.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

[[nodiscard]] inline std::int64_t whole(const json::object& values, std::string_view name) {
  const json::value* value = values.if_contains(name);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

[[nodiscard]] inline std::chrono::seconds seconds(const json::object& values, std::string_view name) {
  return std::chrono::seconds(whole(values, name));
}

[[nodiscard]] inline std::string_view words(const json::value& value) {
  return value.is_string() ? std::string_view(value.get_string()) : std::string_view();
}
// Texts and choices; a view into `values`.
[[nodiscard]] inline std::string_view words(const json::object& values, std::string_view name) {
  const json::value* value = values.if_contains(name);
  return value == nullptr ? std::string_view() : words(*value);
}

// `Id` is one of discord/model/ids.hpp; empty when not set.
template <class Id>
[[nodiscard]] Id id(const json::value& value) {
  Id out;
  const std::string_view digits = words(value);
  std::from_chars(digits.data(), digits.data() + digits.size(), out.value);
  return out;
}
template <class Id>
[[nodiscard]] Id id(const json::object& values, std::string_view name) {
  const json::value* value = values.if_contains(name);
  return value == nullptr ? Id{} : id<Id>(*value);
}

// Applies `read` to each item.
template <class Read>
[[nodiscard]] auto list(const json::object& values, std::string_view name, Read read) {
  std::vector<std::decay_t<decltype(read(std::declval<const json::value&>()))>> out;
  const json::value* items = values.if_contains(name);
  if (items == nullptr || !items->is_array()) return out;
  for (const json::value& each : items->get_array()) out.push_back(read(each));
  return out;
}

template <class Id>
[[nodiscard]] std::vector<Id> ids(const json::object& values, std::string_view name) {
  return list(values, name, [](const json::value& each) { return id<Id>(each); });
}

}  // namespace guildfleet::settings
