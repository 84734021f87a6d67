#include "settings/show.hpp"

#include <array>

#include "base/utf8.hpp"
#include "settings/units.hpp"

namespace guildfleet::settings {
namespace {

constexpr base::text on{"on", "オン"};
constexpr base::text off{"off", "オフ"};
constexpr base::text not_set{"not set", "未設定"};
constexpr base::text empty_list{"none", "なし"};
constexpr std::size_t shown_bytes = 200;

std::string shortened(std::string_view text) {
  if (text.size() <= shown_bytes) return std::string(text);
  text = text.substr(0, shown_bytes);
  return std::string(text.substr(0, base::utf8_valid_prefix(text))) + "…";
}

std::string show_object(const field& what, const json::object& object, base::language which) {
  std::string out;
  for (const field& each : what.members) {
    const json::value* value = object.if_contains(each.name);
    if (value == nullptr) continue;
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", each.title.in(which),
                       show_value(each, *value, which));
  }
  return "(" + out + ")";
}

std::string show_list(field item, const json::array& items, base::language which) {
  item.max_items = 0;
  std::string out;
  for (const json::value& each : items) {
    if (!out.empty()) out += which == base::language::japanese ? "、" : ", ";
    out += show_value(item, each, which);
  }
  return out.empty() ? std::string(empty_list.in(which)) : out;
}

std::string show_choice(const field& what, std::string_view name, base::language which) {
  for (const choice_name& each : what.choices) {
    if (each.name == name) return std::string(each.title.in(which));
  }
  return std::string(name);
}

std::string show_string(const field& what, std::string_view text, base::language which) {
  switch (what.kind) {
    case field_kind::channel:
      return fmt::format("<#{}>", text);
    case field_kind::role:
      return fmt::format("<@&{}>", text);
    case field_kind::user:
      return fmt::format("<@{}>", text);
    case field_kind::choice:
      return show_choice(what, text, which);
    default:
      return which == base::language::japanese ? fmt::format("「{}」", shortened(text))
                                               : fmt::format("\"{}\"", shortened(text));
  }
}

}  // namespace

std::string show_duration(std::int64_t seconds, base::language which) {
  struct unit {
    std::int64_t seconds;
    base::text name;
  };
  static constexpr std::array<unit, 4> units{
      {{86'400, {" d", "日"}}, {3600, {" h", "時間"}}, {60, {" min", "分"}}, {1, {" s", "秒"}}}};
  std::string out;
  for (const unit& each : units) {
    const std::int64_t count = seconds / each.seconds;
    if (count == 0 && (each.seconds > 1 || !out.empty())) continue;
    if (!out.empty() && which == base::language::english) out += ' ';
    out += fmt::format("{}{}", count, each.name.in(which));
    seconds %= each.seconds;
  }
  return out;
}

std::string show_value(const field& what, const json::value& value, base::language which) {
  if (value.is_null()) return std::string(not_set.in(which));
  if (what.is_list() && value.is_array()) return show_list(what, value.get_array(), which);
  if (const bool* flag = value.if_bool()) return std::string((*flag ? on : off).in(which));
  if (const json::string* text = value.if_string())
    return show_string(what, std::string_view(text->data(), text->size()), which);
  if (const json::object* object = value.if_object(); object != nullptr && !what.members.empty())
    return show_object(what, *object, which);
  const std::int64_t* number = value.if_int64();
  if (number != nullptr && what.kind == field_kind::duration) return show_duration(*number, which);
  if (number != nullptr) return with_unit(*number, what.unit, which);
  return shortened(canonical(value));
}

std::string show(const feature_schema& schema, const json::object& values, base::language which) {
  std::string out;
  for (const field& each : schema.fields) {
    const json::value* value = values.if_contains(each.name);
    out += fmt::format("{}{}: {}", out.empty() ? "" : "\n", each.title.in(which),
                       show_value(each, value == nullptr ? json::value() : *value, which));
  }
  return out;
}

}  // namespace guildfleet::settings
