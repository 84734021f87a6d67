// Forgiving readers over simdjson's on-demand values. Include it in .cpp files only.
//
// Discord adds members and kinds at any time, so a member of an unexpected type reads as "none"; only a text
// that is not JSON is a failure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "discord/model/ids.hpp"
#include "discord/model/json_scratch.hpp"

namespace guildfleet::discord {

using json_value = simdjson::ondemand::value;

// The key's bytes as they are written: a key with escapes, which Discord does not use, matches no name.
[[nodiscard]] inline std::string_view key_of(const simdjson::ondemand::field& field) {
  const char* const begin = field.key().raw();
  const char* end = begin;
  while (*end != '"') ++end;  // the parser has seen the closing quote
  return {begin, static_cast<std::size_t>(end - begin)};
}

// Calls `visit(key, value)` for every member. False when the text is broken; true, without a call, when
// `value` is no object.
template <class Visit>
bool for_each_field(json_value& value, Visit visit) {
  simdjson::ondemand::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  if (type != simdjson::ondemand::json_type::object) return true;
  simdjson::ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return false;
  for (auto item : object) {
    simdjson::ondemand::field field;
    if (std::move(item).get(field) != simdjson::SUCCESS) return false;
    visit(key_of(field), field.value());
  }
  return true;
}

// The same for the elements of an array.
template <class Visit>
bool for_each_element(json_value& value, Visit visit) {
  simdjson::ondemand::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  if (type != simdjson::ondemand::json_type::array) return true;
  simdjson::ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return false;
  for (auto item : array) {
    json_value element;
    if (std::move(item).get(element) != simdjson::SUCCESS) return false;
    visit(element);
  }
  return true;
}

// Reads `json` and visits the members of its root. False when it is no JSON object.
template <class Visit>
bool for_each_root_field(std::string_view json, Visit visit) {
  simdjson::ondemand::document document;
  json_value root;
  if (read_json(json).get(document) != simdjson::SUCCESS) return false;
  if (document.get_value().get(root) != simdjson::SUCCESS) return false;
  return for_each_field(root, visit);
}

// An id as a string or a number (protocol sheet 2.1); 0 when it is null or something else.
[[nodiscard]] std::uint64_t read_snowflake(json_value& value);
// Valid until the next document; empty when it is no string.
[[nodiscard]] std::string_view read_text(json_value& value);
[[nodiscard]] std::int64_t read_integer(json_value& value, std::int64_t otherwise = 0);
[[nodiscard]] bool read_flag(json_value& value);

}  // namespace guildfleet::discord
