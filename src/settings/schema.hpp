// A feature declares its settings once, at compile time; validation, defaults, JSON Schema and what commands
// show derive from it.
//
//   constexpr field members[] = {text_field("label", 80, {}, {"Label", "..."}, {"Shown.", "..."})};
//   constexpr field fields[] = {
//       boolean_field("enabled", true, {"Enabled", "有効"}, {"Whether it acts.", "..."}),
//       list_of(channel_field("ignored", {"Ignored", "..."}, {"...", "..."}), 50, repeats::refused)};
//   constexpr feature_schema schema{"welcome", {"Welcome", "歓迎"}, fields};
//   static_assert(sound(schema));
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "base/text.hpp"

namespace guildfleet::settings {

// In JSON: a duration is a whole number of seconds, a choice its name, an id a string of digits.
enum class field_kind : std::uint8_t {
  boolean,
  integer,
  text,
  choice,
  duration,
  channel,
  role,
  user,
  object
};
enum class repeats : std::uint8_t { allowed, refused };
enum class channel_use : std::uint8_t { any, posts, voice, category };  // what the channel is for

struct choice_name {
  std::string_view name;  // snake_case
  base::text title;
};

// What a field is when nothing is set. monostate: absent; a list is then empty.
using default_value = std::variant<std::monostate, bool, std::int64_t, std::string_view>;

struct field {
  std::string_view name;  // snake_case
  field_kind kind = field_kind::boolean;
  base::text title;
  base::text help;
  default_value when_unset{};
  std::int64_t minimum = 0;  // integer, duration: inclusive
  std::int64_t maximum = 0;
  std::string_view unit{};                           // integer: "messages"; may be empty
  std::size_t max_characters = 0;                    // text: code points
  std::span<const std::string_view> placeholders{};  // text: what is filled in between braces
  channel_use use = channel_use::any;                // channel
  std::span<const choice_name> choices{};            // choice
  std::span<const field> members{};                  // object
  std::size_t max_items = 0;                         // above 0: a list of the kind
  repeats items_equal = repeats::allowed;

  [[nodiscard]] constexpr bool is_list() const { return max_items > 0; }
};

struct feature_schema {
  std::string_view feature;
  base::text title;
  std::span<const field> fields;

  [[nodiscard]] constexpr const field* find(std::string_view name) const {
    for (const field& each : fields) {
      if (each.name == name) return &each;
    }
    return nullptr;
  }
};

namespace detail {
// Made in one step: a variant of libstdc++ 12 cannot change its alternative at compile time.
template <class T>
constexpr default_value unset(const std::optional<T>& value) {
  return value ? default_value(*value) : default_value();
}
}  // namespace detail

[[nodiscard]] constexpr field boolean_field(std::string_view name, bool when_unset, base::text title,
                                            base::text help) {
  return {.name = name, .kind = field_kind::boolean, .title = title, .help = help, .when_unset = when_unset};
}

struct whole_range {
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  std::string_view unit{};
};
[[nodiscard]] constexpr field integer_field(std::string_view name, whole_range range,
                                            std::optional<std::int64_t> when_unset, base::text title,
                                            base::text help) {
  field out{.name = name,
            .kind = field_kind::integer,
            .title = title,
            .help = help,
            .when_unset = detail::unset(when_unset)};
  out.minimum = range.minimum;
  out.maximum = range.maximum;
  out.unit = range.unit;
  return out;
}

// Bounds and default in seconds.
[[nodiscard]] constexpr field duration_field(std::string_view name, whole_range seconds,
                                             std::optional<std::int64_t> when_unset, base::text title,
                                             base::text help) {
  field out = integer_field(name, seconds, when_unset, title, help);
  out.kind = field_kind::duration;
  return out;
}

[[nodiscard]] constexpr field text_field(std::string_view name, std::size_t max_characters,
                                         std::optional<std::string_view> when_unset, base::text title,
                                         base::text help) {
  field out{.name = name,
            .kind = field_kind::text,
            .title = title,
            .help = help,
            .when_unset = detail::unset(when_unset)};
  out.max_characters = max_characters;
  return out;
}

// "Welcome, {user}": `names` without their braces. Others stand as they are.
[[nodiscard]] constexpr field with_placeholders(field of, std::span<const std::string_view> names) {
  of.placeholders = names;
  return of;
}

[[nodiscard]] constexpr field choice_field(std::string_view name, std::span<const choice_name> choices,
                                           std::optional<std::string_view> when_unset, base::text title,
                                           base::text help) {
  field out{.name = name,
            .kind = field_kind::choice,
            .title = title,
            .help = help,
            .when_unset = detail::unset(when_unset)};
  out.choices = choices;
  return out;
}

[[nodiscard]] constexpr field channel_field(std::string_view name, base::text title, base::text help,
                                            channel_use use = channel_use::any) {
  return {.name = name, .kind = field_kind::channel, .title = title, .help = help, .use = use};
}
[[nodiscard]] constexpr field role_field(std::string_view name, base::text title, base::text help) {
  return {.name = name, .kind = field_kind::role, .title = title, .help = help};
}
[[nodiscard]] constexpr field user_field(std::string_view name, base::text title, base::text help) {
  return {.name = name, .kind = field_kind::user, .title = title, .help = help};
}

// A list begins empty; the default of `item` does not count.
[[nodiscard]] constexpr field list_of(const field& item, std::size_t max_items, repeats items_equal) {
  return {.name = item.name,
          .kind = item.kind,
          .title = item.title,
          .help = item.help,
          .minimum = item.minimum,
          .maximum = item.maximum,
          .unit = item.unit,
          .max_characters = item.max_characters,
          .placeholders = item.placeholders,
          .use = item.use,
          .choices = item.choices,
          .members = item.members,
          .max_items = max_items,
          .items_equal = items_equal};
}
// A list of objects; their members are no lists of objects again.
[[nodiscard]] constexpr field list_of_objects(std::string_view name, std::span<const field> members,
                                              std::size_t max_items, base::text title, base::text help) {
  field out{.name = name, .kind = field_kind::object, .title = title, .help = help};
  out.members = members;
  out.max_items = max_items;
  return out;
}

// Names are snake_case and unique, ranges not empty, defaults within their bounds, objects in lists and one
// deep.
[[nodiscard]] constexpr bool sound(const feature_schema& schema);

// The features of a fleet that have settings. The schemas must outlive it.
class schema_catalogue final {
 public:
  explicit schema_catalogue(std::span<const feature_schema* const> schemas);
  [[nodiscard]] const feature_schema* find(std::string_view feature) const;
  // By name.
  [[nodiscard]] const std::vector<const feature_schema*>& all() const { return by_name_; }

 private:
  std::vector<const feature_schema*> by_name_;
};

namespace detail {

constexpr bool snake_case(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.front() < 'a' || name.front() > 'z') return false;
  for (const char each : name) {
    if ((each < 'a' || each > 'z') && (each < '0' || each > '9') && each != '_') return false;
  }
  return true;
}

template <class Named>
constexpr bool unique_names(std::span<const Named> items) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!snake_case(items[i].name)) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if (items[i].name == items[j].name) return false;
    }
  }
  return true;
}

constexpr std::size_t code_points(std::string_view text) {
  std::size_t out = 0;
  for (const char each : text) out += (static_cast<unsigned char>(each) & 0xC0U) != 0x80U ? 1U : 0U;
  return out;
}

constexpr bool default_fits(const field& each) {
  if (std::holds_alternative<std::monostate>(each.when_unset))
    return each.kind != field_kind::boolean || each.is_list();
  if (each.is_list()) return false;
  switch (each.kind) {
    case field_kind::boolean:
      return std::holds_alternative<bool>(each.when_unset);
    case field_kind::integer:
    case field_kind::duration: {
      const auto* number = std::get_if<std::int64_t>(&each.when_unset);
      return number != nullptr && *number >= each.minimum && *number <= each.maximum;
    }
    case field_kind::text: {
      const auto* text = std::get_if<std::string_view>(&each.when_unset);
      return text != nullptr && code_points(*text) <= each.max_characters;
    }
    case field_kind::choice: {
      const auto* name = std::get_if<std::string_view>(&each.when_unset);
      for (const choice_name& one : each.choices) {
        if (name != nullptr && *name == one.name) return true;
      }
      return false;
    }
    default:
      return false;
  }
}

constexpr bool sound_fields(std::span<const field> fields, bool inside_object) {
  if (fields.empty() || fields.size() > 64 || !unique_names(fields)) return false;
  for (const field& each : fields) {
    if (!default_fits(each) || each.max_items > 1000) return false;
    const bool number = each.kind == field_kind::integer || each.kind == field_kind::duration;
    if (number && each.minimum > each.maximum) return false;
    if (each.kind == field_kind::text && each.max_characters == 0) return false;
    if (each.kind == field_kind::choice && (each.choices.empty() || !unique_names(each.choices)))
      return false;
    if (each.kind != field_kind::object) continue;
    if (inside_object || !each.is_list() || !sound_fields(each.members, true)) return false;
  }
  return true;
}

}  // namespace detail

constexpr bool sound(const feature_schema& schema) {
  return !schema.feature.empty() && detail::sound_fields(schema.fields, false);
}

}  // namespace guildfleet::settings
