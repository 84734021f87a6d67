// A finding in something a person wrote: where it is, what is wrong, what to do.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace guildfleet::base {

enum class severity { warning, error };

// A place in a text file; both count from 1, and 0 means "no particular place".
struct text_position {
  std::size_t line = 0;
  std::size_t column = 0;
  auto operator<=>(const text_position&) const = default;
};

// Shown to users and logged: `message` and `fix` never hold a secret.
struct problem {
  base::severity severity = severity::error;
  std::string source;  // file name as the user typed it, or "environment"
  text_position at;
  std::string message;
  std::string fix;  // empty when the message says it all
};

using problem_list = std::vector<problem>;

// "file:line:column: error: message (fix)"; line and column are left out when unknown.
[[nodiscard]] std::string to_text(const problem& found);

[[nodiscard]] std::string_view name_of(severity value);

[[nodiscard]] bool has_errors(const problem_list& problems);

// By source, then position; equal ones keep their order.
void sort_by_position(problem_list& problems);

}  // namespace guildfleet::base
