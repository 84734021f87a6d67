#include "sim/world/normalize.hpp"

#include <boost/json/array.hpp>

namespace guildfleet::sim {

namespace {

void set_default(json::object& component, std::string_view key, json::value value) {
  if (!component.contains(key)) component[key] = std::move(value);
}

// Protocol sheet 3.3; which fields are always there is told by the response schemas.
void add_defaults(json::object& component) {
  switch (int_field(component, "type")) {
    case 3:
    case 5:
    case 6:
    case 7:
    case 8:
      set_default(component, "min_values", 1);
      set_default(component, "max_values", 1);
      break;
    case 11:
      set_default(component, "description", nullptr);
      set_default(component, "spoiler", false);
      break;
    case 13:
      set_default(component, "name", nullptr);
      set_default(component, "size", nullptr);
      set_default(component, "spoiler", false);
      break;
    case 14:
      set_default(component, "divider", true);
      set_default(component, "spacing", 1);
      break;
    case 17:
      set_default(component, "accent_color", nullptr);
      set_default(component, "spoiler", false);
      break;
    default:
      break;
  }
}

void complete(json::value& tree, int& next) {
  if (auto* const list = tree.if_array()) {
    for (auto& entry : *list) complete(entry, next);
    return;
  }
  auto* const component = tree.if_object();
  if (component == nullptr) return;
  if (int_field(*component, "id") == 0) (*component)["id"] = next;
  ++next;
  add_defaults(*component);
  for (const auto* key : {"components", "accessory"}) {
    if (auto* const inner = component->if_contains(key)) complete(*inner, next);
  }
}

void complete_embed(json::object& embed) {
  embed["type"] = "rich";
  auto* const parts = embed.if_contains("fields");
  if (parts == nullptr || !parts->is_array()) return;
  for (auto& part : parts->get_array()) {
    part.as_object()["inline"] = bool_field(part.as_object(), "inline");
  }
}

}  // namespace

void normalize_message(json::object& fields) {
  if (auto* const embeds = fields.if_contains("embeds"); embeds != nullptr && embeds->is_array()) {
    for (auto& embed : embeds->get_array()) complete_embed(embed.as_object());
  }
  int next = 1;
  if (auto* const components = fields.if_contains("components")) complete(*components, next);
}

}  // namespace guildfleet::sim
