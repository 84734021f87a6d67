#include "sim/world/client_input.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/utf8.hpp"

namespace guildfleet::sim {

namespace {

constexpr double largest_whole = 9'007'199'254'740'991;  // 2^53 - 1
constexpr std::int64_t longest_option = 6'000;
constexpr std::int64_t longest_input = 4'000;

double number_or(const json::object& owner, std::string_view key, double otherwise) {
  const auto* const value = owner.if_contains(key);
  return value != nullptr && value->is_number() ? value->to_number<double>() : otherwise;
}

bool same(const json::value& one, const json::value& other) {
  if (one.is_number() && other.is_number()) return one.to_number<double>() == other.to_number<double>();
  return one == other;
}

bool is_offered(const json::array& offered, const json::value& value) {
  return std::ranges::any_of(
      offered, [&](const json::value& entry) { return same(entry.as_object().at("value"), value); });
}

std::optional<std::string> why_no_length(const json::object& owner, std::string_view text,
                                         std::int64_t longest) {
  const auto length = static_cast<std::int64_t>(base::utf8_length(text));
  const auto least = int_field(owner, "min_length");
  const auto most = int_field(owner, "max_length", longest);
  if (length >= least && length <= most) return std::nullopt;
  return fmt::format("{} to {} characters are possible, not {}", least, most, length);
}

std::optional<std::string> why_no_channel(const json::object& owner, std::string_view channel,
                                          const json::object& resolved) {
  const auto* const types = array_field(owner, "channel_types");
  if (types == nullptr || types->empty()) return std::nullopt;
  const auto& type = resolved.at("channels").at(channel).at("type");
  if (std::ranges::any_of(*types, [&](const json::value& one) { return same(one, type); }))
    return std::nullopt;
  return fmt::format("Channels of type {} are not offered", type.as_int64());
}

}  // namespace

std::optional<std::string> why_no_option(const json::object& option, const json::value& value,
                                         const json::object& resolved) {
  const auto* const choices = array_field(option, "choices");
  if (choices != nullptr && !choices->empty() && !is_offered(*choices, value))
    return "It is none of the choices";
  const auto type = int_field(option, "type");
  if (type == 3) return why_no_length(option, value.as_string(), longest_option);
  if (type == 7) return why_no_channel(option, value.as_string(), resolved);
  if (type != 4 && type != 10) return std::nullopt;
  const double least = number_or(option, "min_value", -largest_whole);
  const double most = number_or(option, "max_value", largest_whole);
  const auto number = value.to_number<double>();
  if (number >= least && number <= most) return std::nullopt;
  return fmt::format("{} to {} is possible, not {}", least, most, number);
}

std::optional<std::string> why_no_selection(const json::object& menu, const json::array& values,
                                            const json::object& resolved, bool required) {
  if (values.empty() && !required) return std::nullopt;
  const auto count = static_cast<std::int64_t>(values.size());
  const auto least = int_field(menu, "min_values", 1);
  const auto most = int_field(menu, "max_values", 1);
  if (count < least || count > most)
    return fmt::format("{} to {} values can be chosen, not {}", least, most, count);
  const auto* const options = array_field(menu, "options");
  for (auto value = values.begin(); value != values.end(); ++value) {
    if (std::find(values.begin(), value, *value) != value) return "A value is chosen twice";
    if (options != nullptr && !is_offered(*options, *value)) return "A value is none of the menu's";
    if (int_field(menu, "type") != 8) continue;
    if (auto why = why_no_channel(menu, value->as_string(), resolved)) return why;
  }
  return std::nullopt;
}

std::optional<std::string> why_no_text(const json::object& input, const json::value& text) {
  if (!text.is_string()) return "Give a text";
  const std::string_view typed = text.get_string();
  if (typed.empty()) {
    if (bool_field(input, "required", true)) return "It must not be empty";
    return std::nullopt;
  }
  if (int_field(input, "style", 1) == 1 && typed.contains('\n')) return "It has one line";
  return why_no_length(input, typed, longest_input);
}

}  // namespace guildfleet::sim
