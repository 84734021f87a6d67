#include "support/json_schema.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <regex>

#include "base/utf8.hpp"

namespace guildfleet::test {
namespace {

namespace json = boost::json;

constexpr int max_depth = 100;

std::string_view view(const json::string& text) {
  return {text.data(), text.size()};
}

bool all_digits(const json::value& value) {
  const auto* text = value.if_string();
  return text != nullptr && !text->empty() &&
         view(*text).find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_whole(const json::value& value) {
  // The description types some ids and permissions as integers that Discord takes and sends as strings.
  return value.is_int64() || value.is_uint64() || all_digits(value);
}

bool has_type(std::string_view type, const json::value& value) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_bool();
  if (type == "string") return value.is_string();
  if (type == "integer") return is_whole(value);
  if (type == "number") return value.is_number();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

std::optional<double> number_in(const json::object& schema, std::string_view key) {
  const auto* value = schema.if_contains(key);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

bool equal(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) return a.to_number<double>() == b.to_number<double>();
  return a == b;
}

std::optional<std::string> count_problem(const json::object& schema, std::string_view least,
                                         std::string_view most, std::size_t count, std::string_view unit) {
  const auto low = number_in(schema, least);
  const auto high = number_in(schema, most);
  if (low && static_cast<double>(count) < *low) return fmt::format("{} {}, at least {}", count, unit, *low);
  if (high && static_cast<double>(count) > *high) return fmt::format("{} {}, at most {}", count, unit, *high);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> json_schema::check(const json::value& schema, const json::value& value) const {
  const auto* object = schema.if_object();
  if (object == nullptr) return std::nullopt;
  const finding found = check_at(*object, value, "", 0);
  if (!found) return std::nullopt;
  return fmt::format("{}: {}", found->at.empty() ? "/" : found->at, found->what);
}

json_schema::finding json_schema::check_at(const json::object& schema, const json::value& value,
                                           const std::string& at, int depth) const {
  if (depth > max_depth) return problem{at, "the schema refers to itself without end"};
  if (const auto* reference = schema.if_contains("$ref")) {
    boost::system::error_code failed;
    const std::string pointer(view(reference->as_string()).substr(1));
    const json::value* target = document_.find_pointer(pointer, failed);
    if (target == nullptr) return problem{at, "the schema has no " + pointer};
    return check_at(target->as_object(), value, at, depth + 1);
  }
  for (const char* key : {"oneOf", "anyOf"}) {
    if (const auto* branches = schema.if_contains(key)) {
      if (auto found = check_union(branches->as_array(), value, at, depth)) return found;
    }
  }
  if (const auto* all = schema.if_contains("allOf")) {
    for (const json::value& one : all->as_array()) {
      if (auto found = check_at(one.as_object(), value, at, depth + 1)) return found;
    }
  }
  if (const auto* constant = schema.if_contains("const"); constant != nullptr && !equal(*constant, value)) {
    return problem{at, fmt::format("{} instead of {}", json::serialize(value), json::serialize(*constant))};
  }
  if (const auto* allowed = schema.if_contains("enum")) {
    const auto& list = allowed->as_array();
    if (std::none_of(list.begin(), list.end(), [&](const json::value& one) { return equal(one, value); })) {
      return problem{at, json::serialize(value) + " is not one of the allowed values"};
    }
  }
  if (auto found = check_type(schema, value, at)) return found;
  if (const auto* object = value.if_object()) return check_object(schema, *object, at, depth);
  if (const auto* array = value.if_array()) return check_array(schema, *array, at, depth);
  if (const auto* text = value.if_string()) return check_text(schema, *text, at);
  if (value.is_number()) return check_number(schema, value.to_number<double>(), at);
  return std::nullopt;
}

// One branch must fit. When none does, the branch that got furthest tells most.
json_schema::finding json_schema::check_union(const json::array& branches, const json::value& value,
                                              const std::string& at, int depth) const {
  finding best;
  for (const json::value& branch : branches) {
    finding found = check_at(branch.as_object(), value, at, depth + 1);
    if (!found) return std::nullopt;
    if (!best || found->at.size() > best->at.size()) best = std::move(found);
  }
  return best;
}

json_schema::finding json_schema::check_type(const json::object& schema, const json::value& value,
                                             const std::string& at) {
  const auto* type = schema.if_contains("type");
  if (type == nullptr) return std::nullopt;
  bool fits = false;
  if (const auto* one = type->if_string()) fits = has_type(view(*one), value);
  if (const auto* many = type->if_array()) {
    fits = std::any_of(many->begin(), many->end(),
                       [&](const json::value& one) { return has_type(view(one.as_string()), value); });
  }
  if (fits) return std::nullopt;
  return problem{at, fmt::format("{} is not of type {}", json::serialize(value), json::serialize(*type))};
}

json_schema::finding json_schema::check_object(const json::object& schema, const json::object& value,
                                               const std::string& at, int depth) const {
  if (const auto* required = schema.if_contains("required")) {
    for (const json::value& key : required->as_array()) {
      if (!value.contains(key.as_string()))
        return problem{at, fmt::format("{} is missing", json::serialize(key))};
    }
  }
  const auto* properties = schema.if_contains("properties");
  const auto* others = schema.if_contains("additionalProperties");
  const bool closed = unknown_ == unknown_keys::refused && properties != nullptr && others == nullptr &&
                      !schema.contains("allOf") && !schema.contains("oneOf") && !schema.contains("anyOf");
  for (const auto& [key, child] : value) {
    const std::string here = at + "/" + std::string(key);
    const auto* known = properties == nullptr ? nullptr : properties->as_object().if_contains(key);
    finding found;
    if (known != nullptr) {
      found = check_at(known->as_object(), child, here, depth + 1);
    } else if (others != nullptr && others->is_object()) {
      found = check_at(others->as_object(), child, here, depth + 1);
    } else if (closed || (others != nullptr && others->is_bool() && !others->get_bool())) {
      found = problem{here, "not a known key"};
    }
    if (found) return found;
  }
  return std::nullopt;
}

json_schema::finding json_schema::check_array(const json::object& schema, const json::array& value,
                                              const std::string& at, int depth) const {
  if (auto count = count_problem(schema, "minItems", "maxItems", value.size(), "entries"))
    return problem{at, *count};
  const auto* unique = schema.if_contains("uniqueItems");
  if (unique != nullptr && unique->is_bool() && unique->get_bool()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (std::find(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(i), value[i]) !=
          value.begin() + static_cast<std::ptrdiff_t>(i)) {
        return problem{at, json::serialize(value[i]) + " appears twice"};
      }
    }
  }
  const auto* items = schema.if_contains("items");
  if (items == nullptr || !items->is_object()) return std::nullopt;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (auto found = check_at(items->get_object(), value[i], fmt::format("{}/{}", at, i), depth + 1))
      return found;
  }
  return std::nullopt;
}

json_schema::finding json_schema::check_text(const json::object& schema, const json::string& value,
                                             const std::string& at) {
  const std::size_t length = base::utf8_length(view(value));
  if (auto count = count_problem(schema, "minLength", "maxLength", length, "characters"))
    return problem{at, *count};
  const auto* pattern = schema.if_contains("pattern");
  if (pattern != nullptr && !std::regex_search(value.c_str(), std::regex(pattern->as_string().c_str()))) {
    return problem{at,
                   fmt::format("{} does not match {}", json::serialize(value), json::serialize(*pattern))};
  }
  const auto* format = schema.if_contains("format");
  static const std::regex date_time(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)");
  const bool dated = format != nullptr && format->as_string() == "date-time";
  if (dated && !std::regex_match(value.c_str(), date_time))
    return problem{at, json::serialize(value) + " is not a time"};
  const bool snowflake = format != nullptr && format->as_string() == "snowflake";
  if (snowflake && !all_digits(json::value(value)))
    return problem{at, json::serialize(value) + " is not an id"};
  return std::nullopt;
}

json_schema::finding json_schema::check_number(const json::object& schema, double value,
                                               const std::string& at) {
  const auto low = number_in(schema, "minimum");
  const auto high = number_in(schema, "maximum");
  if ((low && value < *low) || (high && value > *high))
    return problem{at, fmt::format("{} is out of range", value)};
  return std::nullopt;
}

}  // namespace guildfleet::test
