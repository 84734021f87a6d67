// What Discord's client lets a member enter, by what the bot declared of an option or a component (protocol
// sheet 3.1 and 3.3). Each function says in a sentence why it would not; nullopt: it would.
#pragma once

#include <optional>
#include <string>

#include "sim/world/state.hpp"

namespace guildfleet::sim {

// Of a component's types, those that list values.
[[nodiscard]] constexpr bool is_menu(std::int64_t type) {
  return type == 3 || (type >= 5 && type <= 8);
}

// `value` has the option's type already; `resolved` holds what it names.
[[nodiscard]] std::optional<std::string> why_no_option(const json::object& option, const json::value& value,
                                                       const json::object& resolved);
// `required`: of a menu in a modal; one in a message goes by its min_values alone.
[[nodiscard]] std::optional<std::string> why_no_selection(const json::object& menu, const json::array& values,
                                                          const json::object& resolved, bool required = true);
// A text input of a modal.
[[nodiscard]] std::optional<std::string> why_no_text(const json::object& input, const json::value& text);

}  // namespace guildfleet::sim
