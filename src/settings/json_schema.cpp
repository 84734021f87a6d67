#include "settings/json_schema.hpp"

namespace guildfleet::settings {
namespace {

json::value plain(std::string_view text) {
  return json::value(json::string_view(text.data(), text.size()));
}

json::object object_schema(std::span<const field> fields, base::language which, schema_use use);

json::object item_schema(const field& what, base::language which) {
  switch (what.kind) {
    case field_kind::boolean:
      return {{"type", "boolean"}};
    case field_kind::integer:
    case field_kind::duration: {
      json::object out{{"type", "integer"}, {"minimum", what.minimum}, {"maximum", what.maximum}};
      const std::string_view unit = what.kind == field_kind::duration ? "seconds" : what.unit;
      if (!unit.empty()) out["x-unit"] = plain(unit);
      return out;
    }
    case field_kind::text:
      return {{"type", "string"}, {"maxLength", what.max_characters}};
    case field_kind::choice: {
      json::array names;
      for (const choice_name& each : what.choices) names.push_back(plain(each.name));
      return {{"type", "string"}, {"enum", std::move(names)}};
    }
    case field_kind::object:
      return object_schema(what.members, which, schema_use::document);
    default:
      break;
  }
  const std::string_view format = what.kind == field_kind::channel ? "channel-id"
                                  : what.kind == field_kind::role  ? "role-id"
                                                                   : "user-id";
  return {{"type", "string"}, {"pattern", "^[1-9][0-9]{0,19}$"}, {"format", plain(format)}};
}

json::object field_schema(const field& what, base::language which, schema_use use) {
  json::object out = item_schema(what, which);
  if (what.is_list()) {
    out = {{"type", "array"}, {"maxItems", what.max_items}, {"items", std::move(out)}};
    if (what.items_equal == repeats::refused) out["uniqueItems"] = true;
    out["default"] = json::array{};
  } else if (const bool* flag = std::get_if<bool>(&what.when_unset)) {
    out["default"] = *flag;
  } else if (const auto* number = std::get_if<std::int64_t>(&what.when_unset)) {
    out["default"] = *number;
  } else if (const auto* text = std::get_if<std::string_view>(&what.when_unset)) {
    out["default"] = plain(*text);
  }
  if (use == schema_use::patch) {
    out["type"] = json::array{out["type"], "null"};
    if (json::value* names = out.if_contains("enum")) names->get_array().push_back(nullptr);
  }
  out["title"] = plain(what.title.in(which));
  out["description"] = plain(what.help.in(which));
  return out;
}

json::object object_schema(std::span<const field> fields, base::language which, schema_use use) {
  json::object properties;
  for (const field& each : fields) properties[each.name] = field_schema(each, which, use);
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
}

}  // namespace

json::object json_schema(const feature_schema& schema, base::language which, schema_use use) {
  json::object out = object_schema(schema.fields, which, use);
  out["title"] = plain(schema.title.in(which));
  return out;
}

}  // namespace guildfleet::settings
