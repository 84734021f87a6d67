#include "settings/defaults.hpp"

#include "settings/validate.hpp"

namespace guildfleet::settings {
namespace {

std::optional<json::value> default_of(const field& what) {
  if (what.is_list()) return json::value(json::array{});
  return std::visit(
      []<class T>(const T& value) -> std::optional<json::value> {
        if constexpr (std::is_same_v<T, std::monostate>)
          return std::nullopt;
        else if constexpr (std::is_same_v<T, std::string_view>)
          return json::value(json::string_view(value.data(), value.size()));
        else
          return json::value(value);
      },
      what.when_unset);
}

void fill(std::span<const field> fields, json::object& object) {
  for (const field& each : fields) {
    json::value* value = object.if_contains(each.name);
    if (value != nullptr && value->is_null()) {
      object.erase(each.name);
      value = nullptr;
    }
    if (value == nullptr) {
      if (auto unset = default_of(each)) object[each.name] = *std::move(unset);
    } else if (each.kind == field_kind::object && value->is_array()) {
      for (json::value& item : value->get_array()) {
        if (item.is_object()) fill(each.members, item.get_object());
      }
    }
  }
}

void strip(std::span<const field> fields, json::object& object) {
  for (const field& each : fields) {
    json::value* value = object.if_contains(each.name);
    if (value == nullptr) continue;
    if (each.kind == field_kind::object && value->is_array()) {
      for (json::value& item : value->get_array()) {
        if (item.is_object()) strip(each.members, item.get_object());
      }
    }
    const auto unset = default_of(each);
    if (value->is_null() || (unset && *unset == *value)) object.erase(each.name);
  }
}

}  // namespace

json::object with_defaults(const feature_schema& schema, json::object document) {
  fill(schema.fields, document);
  return document;
}

json::object without_defaults(const feature_schema& schema, json::object document) {
  strip(schema.fields, document);
  return document;
}

understood_document understand(const feature_schema& schema, json::object stored) {
  understood_document out;
  for (const json::key_value_pair& each : stored) {
    if (schema.find(each.key()) == nullptr) out.foreign[each.key()] = each.value();
  }
  for (const json::key_value_pair& each : out.foreign) stored.erase(each.key());
  // As often as it finds something: it tells of a bounded number of problems, and one field may have them
  // all.
  for (bool found = true; found;) {
    found = false;
    for (const problem& each : validate(schema, stored)) {
      const std::string_view name = top_field(each.path);
      if (stored.erase(name) == 0) continue;
      out.invalid.emplace_back(name);
      found = true;
    }
  }
  out.values = with_defaults(schema, std::move(stored));
  return out;
}

}  // namespace guildfleet::settings
