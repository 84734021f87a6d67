#include "sim/rest/command_form.hpp"

#include <algorithm>

namespace guildfleet::sim {

namespace {

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

void take_localizations(const form& given, json::object& out) {
  for (const auto* key : {"name_localizations", "description_localizations"}) {
    if (given.has(key)) given.take_any(key, out);
  }
}

void check_choices(const form& given) {
  for (const auto& choice : given.objects("choices", {0, 25})) {
    json::object taken;
    choice.require("name");
    choice.require("value");
    choice.take_text("name", {1, 100}, taken);
    if (const auto* const value = choice.source().if_contains("value");
        value != nullptr && value->is_string()) {
      choice.take_text("value", {0, 100}, taken);
    }
  }
}

json::array read_options(const form& given, int depth);

json::object read_option(const form& given, int depth) {
  json::object out;
  given.require("type");
  given.take_int("type", {1, 11}, out);
  check_name(given, true, out);
  given.require("description");
  given.take_text("description", {1, 100}, out);
  take_localizations(given, out);
  check_choices(given);
  const auto type = int_field(out, "type");
  const bool nests = type == 1 || type == 2;
  if (nests && depth >= (type == 2 ? 1 : 2)) {
    given.fail("type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
               "Sub-command option types can only contain sub-command option types");
  }
  for (const auto* key :
       {"choices", "channel_types", "min_value", "max_value", "min_length", "max_length", "autocomplete"}) {
    given.take_any(key, out);
  }
  if (!nests) given.take_bool("required", out);
  if (given.has("options") && nests) out["options"] = read_options(given, depth + 1);
  return out;
}

json::array read_options(const form& given, int depth) {
  json::array out;
  bool optional_seen = false;
  std::vector<std::string> names;
  for (const auto& entry : given.objects("options", {0, 25})) {
    auto option = read_option(entry, depth);
    const bool required = bool_field(option, "required");
    if (required && optional_seen) {
      entry.fail("", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                 "Required options must be placed before non-required options");
    }
    optional_seen = optional_seen || !required;
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
  take_localizations(given, out);
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
  std::size_t total = text_length(text_field(command, "name")) +
                      text_length(text_field(command, "description")) +
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
