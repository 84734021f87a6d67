#include "sim/rest/form.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/utf8.hpp"

namespace guildfleet::sim {

std::size_t text_length(std::string_view text) {
  return base::utf8_length(text.substr(0, base::utf8_valid_prefix(text)));
}

void form_errors::add(std::string_view path, std::string_view code, std::string_view message) {
  auto* node = &tree_;
  while (!path.empty()) {
    const auto dot = path.find('.');
    auto& child = (*node)[path.substr(0, dot)];
    if (!child.is_object()) child = json::object();
    node = &child.get_object();
    path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
  }
  auto& list = (*node)["_errors"];
  if (!list.is_array()) list = json::array();
  list.get_array().push_back(json::object{{"code", code}, {"message", message}});
}

reply form_errors::to_reply() const {
  return {.status = 400,
          .body = json::object{{"message", "Invalid Form Body"}, {"code", 50035}, {"errors", tree_}}};
}

std::string form::path_of(std::string_view key) const {
  if (path_.empty()) return std::string(key);
  return key.empty() ? path_ : fmt::format("{}.{}", path_, key);
}

void form::fail(std::string_view key, std::string_view code, std::string_view message) const {
  errors_->add(path_of(key), code, message);
}

bool form::is_null(std::string_view key) const {
  const auto* const value = source_->if_contains(key);
  return value != nullptr && value->is_null();
}

const json::value* form::present(std::string_view key) const {
  const auto* const value = source_->if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

void form::require(std::string_view key) const {
  if (present(key) == nullptr) fail(key, "BASE_TYPE_REQUIRED", "This field is required");
}

bool form::take_text(std::string_view key, length_range allowed, json::object& out, bool nullable) const {
  if (is_null(key) && nullable) out[key] = nullptr;
  const auto* const value = present(key);
  if (value == nullptr) return false;
  if (!value->is_string()) {
    fail(key, "STRING_TYPE_CONVERT", "Could not interpret as string.");
    return false;
  }
  const auto& text = value->get_string();
  const auto length = text_length({text.data(), text.size()});
  if (length < allowed.min && length <= allowed.max) {
    fail(key, "BASE_TYPE_BAD_LENGTH",
         fmt::format("Must be between {} and {} in length.", allowed.min, allowed.max));
    return false;
  }
  if (length > allowed.max) {
    fail(key, "BASE_TYPE_MAX_LENGTH", fmt::format("Must be {} or fewer in length.", allowed.max));
    return false;
  }
  out[key] = *value;
  return true;
}

bool form::take_int(std::string_view key, number_range allowed, json::object& out, bool nullable) const {
  if (is_null(key) && nullable) out[key] = nullptr;
  const auto* const value = present(key);
  if (value == nullptr) return false;
  std::optional<std::int64_t> number;
  if (value->is_int64()) number = value->get_int64();
  if (value->is_string()) {
    if (const auto parsed = parse_id(text_field(*source_, key))) number = static_cast<std::int64_t>(*parsed);
  }
  if (!number) {
    fail(key, "NUMBER_TYPE_COERCE", fmt::format("Value \"{}\" is not int.", json::serialize(*value)));
    return false;
  }
  if (*number < allowed.min) {
    fail(key, "NUMBER_TYPE_MIN",
         fmt::format("int value should be greater than or equal to {}.", allowed.min));
    return false;
  }
  if (*number > allowed.max) {
    fail(key, "NUMBER_TYPE_MAX", fmt::format("int value should be less than or equal to {}.", allowed.max));
    return false;
  }
  out[key] = *number;
  return true;
}

bool form::take_choice(std::string_view key, const std::vector<std::int64_t>& allowed,
                       json::object& out) const {
  const auto* const value = present(key);
  if (value == nullptr) return false;
  const auto number = int_field(*source_, key, -1);
  if (std::ranges::find(allowed, number) == allowed.end()) {
    fail(key, "BASE_TYPE_CHOICES", fmt::format("Value must be one of {{{}}}.", fmt::join(allowed, ", ")));
    return false;
  }
  out[key] = number;
  return true;
}

bool form::take_bool(std::string_view key, json::object& out) const {
  const auto* const value = present(key);
  if (value == nullptr) return false;
  if (!value->is_bool()) {
    fail(key, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
    return false;
  }
  out[key] = *value;
  return true;
}

bool form::take_id(std::string_view key, json::object& out, bool nullable) const {
  if (is_null(key) && nullable) out[key] = nullptr;
  const auto* const value = present(key);
  if (value == nullptr) return false;
  const auto number = id_from_json(*value);
  if (!number) {
    fail(key, "NUMBER_TYPE_COERCE", fmt::format("Value {} is not snowflake.", json::serialize(*value)));
    return false;
  }
  out[key] = id_text(*number);
  return true;
}

bool form::take_any(std::string_view key, json::object& out) const {
  const auto* const value = source_->if_contains(key);
  if (value == nullptr) return false;
  out[key] = *value;
  return true;
}

const json::array* form::list(std::string_view key, length_range allowed) const {
  const auto* const value = present(key);
  if (value == nullptr) return nullptr;
  const auto* const array = value->if_array();
  if (array == nullptr) {
    fail(key, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
    return nullptr;
  }
  if (array->size() < allowed.min || array->size() > allowed.max) {
    fail(key, "BASE_TYPE_BAD_LENGTH",
         fmt::format("Must be between {} and {} in length.", allowed.min, allowed.max));
    return nullptr;
  }
  return array;
}

std::vector<id> form::ids(std::string_view key, length_range allowed) const {
  std::vector<id> out;
  const auto* const array = list(key, allowed);
  if (array == nullptr) return out;
  for (std::size_t i = 0; i < array->size(); ++i) {
    const auto number = id_from_json((*array)[i]);
    if (number) {
      out.push_back(*number);
    } else {
      fail(fmt::format("{}.{}", key, i), "NUMBER_TYPE_COERCE", "Value is not snowflake.");
    }
  }
  return out;
}

std::vector<form> form::objects(std::string_view key, length_range allowed) const {
  std::vector<form> out;
  const auto* const array = list(key, allowed);
  if (array == nullptr) return out;
  for (std::size_t i = 0; i < array->size(); ++i) {
    const auto name = fmt::format("{}.{}", key, i);
    if (const auto* const entry = (*array)[i].if_object()) {
      out.emplace_back(*entry, *errors_, path_of(name));
    } else {
      fail(name, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
    }
  }
  return out;
}

std::optional<form> form::object(std::string_view key) const {
  const auto* const value = present(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* const entry = value->if_object()) return form(*entry, *errors_, path_of(key));
  fail(key, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
  return std::nullopt;
}

std::optional<std::uint64_t> form::permissions(std::string_view key) const {
  const auto* const value = present(key);
  if (value == nullptr) return std::nullopt;
  const auto bits = id_from_json(*value);
  if (!bits) fail(key, "NUMBER_TYPE_COERCE", fmt::format("Value {} is not int.", json::serialize(*value)));
  return bits;
}

}  // namespace guildfleet::sim
