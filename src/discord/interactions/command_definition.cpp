#include "discord/interactions/command_definition.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "discord/interactions/choice_json.hpp"
#include "discord/rest/limit_check.hpp"

namespace guildfleet::discord {
namespace {

using base::json_writer;

void write_localizations(json_writer& out, std::string_view key, const localizations& texts) {
  if (texts.empty()) return;
  out.key(key).begin_object();
  for (const auto& [locale, text] : texts) out.key(locale).string(text);
  out.end_object();
}

// Whole numbers without a fraction, so that an integer option's limit compares equal to Discord's.
void write_number(json_writer& out, double value) {
  if (std::abs(value) < 9.0e15 && std::trunc(value) == value) {
    out.number(static_cast<std::int64_t>(value));
  } else {
    out.real(value);
  }
}

void write_option(json_writer& out, const option_definition& option);

void write_options(json_writer& out, const std::vector<option_definition>& options) {
  if (options.empty()) return;
  out.key("options").begin_array();
  for (const option_definition& one : options) write_option(out, one);
  out.end_array();
}

void write_choices(json_writer& out, const std::vector<choice>& choices) {
  if (choices.empty()) return;
  out.key("choices").begin_array();
  for (const choice& one : choices) {
    out.begin_object().key("name").string(one.name);
    write_localizations(out, "name_localizations", one.names);
    out.key("value");
    write_choice_value(out, one);
    out.end_object();
  }
  out.end_array();
}

void write_option(json_writer& out, const option_definition& option) {
  out.begin_object().key("type").number(static_cast<int>(option.type));
  out.key("name").string(option.name).key("description").string(option.description);
  write_localizations(out, "name_localizations", option.names);
  write_localizations(out, "description_localizations", option.descriptions);
  if (option.required) out.key("required").boolean(true);
  if (option.autocomplete) out.key("autocomplete").boolean(true);
  write_choices(out, option.choices);
  write_options(out, option.options);
  if (!option.channel_types.empty()) {
    out.key("channel_types").begin_array();
    for (const channel_type type : option.channel_types) out.number(static_cast<int>(type));
    out.end_array();
  }
  if (option.min_value) {
    out.key("min_value");
    write_number(out, *option.min_value);
  }
  if (option.max_value) {
    out.key("max_value");
    write_number(out, *option.max_value);
  }
  if (option.min_length) out.key("min_length").number(*option.min_length);
  if (option.max_length) out.key("max_length").number(*option.max_length);
  out.end_object();
}

void write_command(json_writer& out, const command_definition& command, command_scope scope) {
  out.begin_object().key("type").number(static_cast<int>(command.kind)).key("name").string(command.name);
  if (command.kind == command_kind::chat_input) out.key("description").string(command.description);
  write_localizations(out, "name_localizations", command.names);
  write_localizations(out, "description_localizations", command.descriptions);
  write_options(out, command.options);
  if (command.default_member_permissions) {
    out.key("default_member_permissions")
        .string(fmt::format_int(command.default_member_permissions->bits()).c_str());
  }
  if (scope == command_scope::global && !command.contexts.empty()) {
    out.key("contexts").begin_array();
    for (const command_context one : command.contexts) out.number(static_cast<int>(one));
    out.end_array();
  }
  if (command.nsfw) out.key("nsfw").boolean(true);
  out.end_object();
}

bool holds_only_name_characters(std::string_view name) {
  return std::ranges::all_of(name, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '\'';
  });
}

bool is_group(option_type type) {
  return type == option_type::sub_command || type == option_type::sub_command_group;
}

void check_name(limit_check& check, const std::string& what, const std::string& name) {
  check.text(what, name, 1, 32);
  check.rule(what, holds_only_name_characters(name), "only lower-case letters, digits, '-' and '_'");
}

void check_names(limit_check& check, const std::string& path, const std::string& name,
                 const localizations& names) {
  check_name(check, path + " name", name);
  for (const auto& [locale, text] : names)
    check_name(check, fmt::format("{} name in {}", path, locale), text);
}

void check_descriptions(limit_check& check, const std::string& path, const std::string& text,
                        const localizations& all) {
  check.text(path + " description", text, 1, 100);
  for (const auto& [locale, one] : all)
    check.text(fmt::format("{} description in {}", path, locale), one, 1, 100);
}

void check_options(limit_check& check, const std::string& path, const std::vector<option_definition>& options,
                   int depth) {
  check.count(path + " options", options.size(), 0, 25);
  check.rule(path, depth <= 2 || options.empty() || !is_group(options.front().type),
             "sub-commands are nested too deep");
  bool optional_seen = false;
  for (const option_definition& one : options) {
    const std::string here = path + " " + one.name;
    check_names(check, here, one.name, one.names);
    check_descriptions(check, here, one.description, one.descriptions);
    check.rule(here, !one.required || !optional_seen, "required options come first");
    check.rule(here, is_group(one.type) == is_group(options.front().type),
               "sub-commands and values cannot be mixed");
    check.rule(here, !one.autocomplete || one.choices.empty(), "either choices or autocomplete");
    check.count(here + " choices", one.choices.size(), 0, 25);
    for (const choice& choice : one.choices) {
      check.text(here + " choice", choice.name, 1, 100);
      for (const auto& [locale, name] : choice.names) check.text(here + " choice in " + locale, name, 1, 100);
    }
    optional_seen = optional_seen || !one.required;
    if (is_group(one.type)) check_options(check, here, one.options, depth + 1);
  }
}

std::size_t longest(const std::string& text, const localizations& others) {
  std::size_t length = base::utf8_length(text);
  for (const auto& [locale, one] : others) length = std::max(length, base::utf8_length(one));
  return length;
}

std::size_t text_of(const std::vector<option_definition>& options) {
  std::size_t sum = 0;
  for (const option_definition& one : options) {
    sum += longest(one.name, one.names) + longest(one.description, one.descriptions) + text_of(one.options);
    for (const choice& choice : one.choices) {
      sum += longest(choice.name, choice.names);
      if (const auto* text = std::get_if<std::string>(&choice.value)) sum += base::utf8_length(*text);
    }
  }
  return sum;
}

}  // namespace

base::result<void> check(const command_definition& command) {
  limit_check check;
  if (command.kind == command_kind::chat_input) {
    check_names(check, command.name, command.name, command.names);
    check_descriptions(check, command.name, command.description, command.descriptions);
    check_options(check, command.name, command.options, 1);
  } else {
    check.text(command.name + " name", command.name, 1, 32);
    check.rule(command.name, command.options.empty() && command.description.empty(),
               "a context-menu command has neither description nor options");
  }
  const std::size_t all_text = longest(command.name, command.names) +
                               longest(command.description, command.descriptions) + text_of(command.options);
  check.rule(command.name, all_text <= 8000, "more than 8000 characters of text in all");
  if (check.problem()) return base::fail(rest_error::invalid_request, "command " + *check.problem());
  return {};
}

base::result<std::string> to_json(const command_definition& command, command_scope scope) {
  if (auto checked = check(command); !checked) return std::unexpected(std::move(checked.error()));
  json_writer out;
  write_command(out, command, scope);
  return out.take();
}

base::result<std::string> to_json(const std::vector<command_definition>& commands, command_scope scope) {
  json_writer out;
  out.begin_array();
  for (const command_definition& one : commands) {
    if (auto checked = check(one); !checked) return std::unexpected(std::move(checked.error()));
    write_command(out, one, scope);
  }
  out.end_array();
  return out.take();
}

}  // namespace guildfleet::discord
