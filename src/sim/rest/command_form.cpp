#include "sim/rest/command_form.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>

namespace guildfleet::sim {

namespace {

constexpr std::int64_t largest_whole = 9'007'199'254'740'991;  // 2^53 - 1

// Lower case where one exists, no spaces or ASCII punctuation other than - _ '. Letters beyond ASCII pass.
bool chat_input_name(std::string_view name) {
  // What Japanese is written with beside letters.
  constexpr std::string_view signs[] = {"\u3000", "、", "。", "・", "「", "」", "『", "』", "（",
                                        "）",     "！", "？", "：", "／", "〜", "～", "…",  "―"};
  if (std::ranges::any_of(signs, [&](std::string_view each) { return name.contains(each); })) return false;
  return std::ranges::all_of(name, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '\'';
  });
}

void check_name(const form& given, bool chat_input, json::object& out) {
  given.require("name");
  if (!given.take_text("name", {1, 32}, out)) return;
  if (chat_input && !chat_input_name(text_field(out, "name"))) {
    given.fail("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
  }
}

// Protocol sheet A.9.
constexpr std::array<std::string_view, 32> locales = {
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr",    "hr",    "it", "lt",
    "hu", "nl", "no", "pl",    "pt-BR", "ro",    "fi",     "sv-SE", "vi",    "tr", "cs",
    "el", "bg", "ru", "uk",    "hi",    "th",    "zh-CN",  "ja",    "zh-TW", "ko"};

void take_localizations(const form& given, length_range allowed_name, bool chat_input, json::object& out) {
  json::object taken;
  for (const auto* key : {"name_localizations", "description_localizations"}) {
    given.take_any(key, out);
    const auto texts = given.object(key);
    if (!texts) continue;
    const bool names = std::string_view(key).starts_with("name");
    for (const auto& [locale, _] : texts->source()) {
      if (std::ranges::find(locales, std::string_view(locale)) == locales.end())
        texts->fail(locale, "BASE_TYPE_CHOICES", "Value must be one of Discord's locales.");
      if (!texts->take_text(locale, names ? allowed_name : length_range{1, 100}, taken)) continue;
      if (names && chat_input && !chat_input_name(text_field(taken, locale)))
        texts->fail(locale, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }
  }
}

double number_in(const form& given, std::string_view key, double otherwise) {
  const auto* const value = given.source().if_contains(key);
  return value != nullptr && value->is_number() ? value->to_number<double>() : otherwise;
}

void check_order(const form& given, std::string_view least, std::string_view most) {
  constexpr double none = std::numeric_limits<double>::infinity();
  if (number_in(given, least, -none) > number_in(given, most, none))
    given.fail(least, "BASE_TYPE_BAD_LENGTH", fmt::format("{} must not be above {}.", least, most));
}

// What each of these members of an option may stand at.
void check_belongs(const form& given, std::int64_t type) {
  struct member {
    std::string_view key;
    std::vector<std::int64_t> types;
  };
  static const member all[] = {{"choices", {3, 4, 10}}, {"autocomplete", {3, 4, 10}}, {"min_length", {3}},
                               {"max_length", {3}},     {"min_value", {4, 10}},       {"max_value", {4, 10}},
                               {"channel_types", {7}},  {"options", {1, 2}}};
  for (const auto& [key, types] : all) {
    if (given.has(key) && !given.is_null(key) && std::ranges::find(types, type) == types.end())
      given.fail(key, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Options of this type have no such field");
  }
}

void check_limits(const form& given, std::int64_t type, json::object& out) {
  check_belongs(given, type);
  given.take_int("min_length", {0, 6000}, out);
  given.take_int("max_length", {1, 6000}, out);
  check_order(given, "min_length", "max_length");
  check_order(given, "min_value", "max_value");
  if (bool_field(given.source(), "autocomplete") && !given.objects("choices", {0, 25}).empty()) {
    given.fail("autocomplete", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
               "An option with choices has no autocomplete");
  }
  for (const auto* key : {"choices", "channel_types", "min_value", "max_value", "autocomplete"})
    given.take_any(key, out);
}

std::size_t longest_text(const json::object& owner, std::string_view key, std::string_view localizations) {
  std::size_t longest = text_length(text_field(owner, key));
  const auto* const all = object_field(owner, localizations);
  if (all == nullptr) return longest;
  for (const auto& [locale, _] : *all) longest = std::max(longest, text_length(text_field(*all, locale)));
  return longest;
}

json::array read_options(const form& given, int depth);

json::object read_option(const form& given, int depth) {
  json::object out;
  given.require("type");
  given.take_int("type", {1, 11}, out);
  check_name(given, true, out);
  given.require("description");
  given.take_text("description", {1, 100}, out);
  take_localizations(given, {1, 32}, true, out);
  check_choices(given);
  const auto type = int_field(out, "type");
  const bool nests = type == 1 || type == 2;
  if (nests && depth >= (type == 2 ? 1 : 2)) {
    given.fail("type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
               "Sub-command option types can only contain sub-command option types");
  }
  check_limits(given, type, out);
  if (!nests) given.take_bool("required", out);
  if (given.has("options") && nests) out["options"] = read_options(given, depth + 1);
  return out;
}

json::array read_options(const form& given, int depth) {
  json::array out;
  bool optional_seen = false;
  bool nesting_seen = false;
  std::vector<std::string> names;
  for (const auto& entry : given.objects("options", {0, 25})) {
    auto option = read_option(entry, depth);
    const bool required = bool_field(option, "required");
    if (required && optional_seen) {
      entry.fail("", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                 "Required options must be placed before non-required options");
    }
    optional_seen = optional_seen || !required;
    const bool nests = int_field(option, "type") <= 2;
    if (nests != nesting_seen && !out.empty()) {
      entry.fail("type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                 "Sub-commands and options of other types cannot stand side by side");
    }
    nesting_seen = nests;
    auto name = text_field(option, "name");
    if (std::ranges::find(names, name) != names.end()) {
      entry.fail("name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists");
    }
    names.push_back(std::move(name));
    out.push_back(std::move(option));
  }
  return out;
}

}  // namespace

void check_choices(const form& given) {
  json::object taken;
  std::vector<std::string> names;
  const auto type = int_field(given.source(), "type");
  for (const auto& choice : given.objects("choices", {0, 25})) {
    choice.require("name");
    choice.require("value");
    choice.take_text("name", {1, 100}, taken);
    take_localizations(choice, {1, 100}, false, taken);
    const auto* const value = choice.source().if_contains("value");
    if (type == 3 || (value != nullptr && value->is_string())) choice.take_text("value", {0, 100}, taken);
    if (type == 4) choice.take_int("value", {-largest_whole, largest_whole}, taken);
    auto name = text_field(choice.source(), "name");
    if (std::ranges::find(names, name) != names.end()) {
      choice.fail("name", "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS",
                  "Choice name already exists");
    }
    names.push_back(std::move(name));
  }
}

json::object read_command(const form& given, bool global) {
  json::object out{{"type", 1},
                   {"description", ""},
                   {"default_member_permissions", nullptr},
                   {"nsfw", false},
                   {"name_localizations", nullptr},
                   {"description_localizations", nullptr}};
  given.take_int("type", {1, 4}, out);
  const bool chat_input = int_field(out, "type") == 1;
  check_name(given, chat_input, out);
  if (chat_input) {
    given.require("description");
    given.take_text("description", {1, 100}, out);
  }
  take_localizations(given, {1, 32}, chat_input, out);
  if (const auto permissions = given.permissions("default_member_permissions")) {
    out["default_member_permissions"] = id_text(*permissions);
  }
  given.take_bool("nsfw", out);
  if (chat_input && given.has("options")) {
    auto options = read_options(given, 0);
    if (!options.empty()) out["options"] = std::move(options);
  }
  if (global) {
    out["dm_permission"] = true;
    out["contexts"] = nullptr;
    out["integration_types"] = json::array{0};
    for (const auto* key : {"dm_permission", "contexts", "integration_types"}) given.take_any(key, out);
  }
  if (command_text_length(out) > 8000) {
    given.fail("", "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)");
  }
  return out;
}

std::size_t command_text_length(const json::object& command) {
  std::size_t total = longest_text(command, "name", "name_localizations") +
                      longest_text(command, "description", "description_localizations") +
                      text_length(text_field(command, "value"));
  for (const auto* key : {"options", "choices"}) {
    const auto* const list = array_field(command, key);
    if (list == nullptr) continue;
    for (const auto& entry : *list) {
      if (entry.is_object()) total += command_text_length(entry.get_object());
    }
  }
  return total;
}

}  // namespace guildfleet::sim
