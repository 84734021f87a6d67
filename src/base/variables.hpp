// Variables from outside: the process's environment, a .env file, and their use inside configuration values.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.hpp"
#include "base/result.hpp"

namespace guildfleet::base {

// Answers the value of a variable, nullopt when it is not set. Values may be secrets: never log them.
using variable_lookup = std::function<std::optional<std::string>(std::string_view name)>;

// The environment of this process.
[[nodiscard]] variable_lookup process_environment();

// `first` wins over `second`.
[[nodiscard]] variable_lookup overlay(variable_lookup first, std::map<std::string, std::string> second);

// The text of a .env file: KEY=VALUE lines, optional `export `, # comments, 'literal' and "escaped" quotes.
// Nothing is expanded. Problems are added with `source` as their file; bad lines are left out of the answer.
[[nodiscard]] std::map<std::string, std::string> parse_env_file(std::string_view text,
                                                                std::string_view source,
                                                                problem_list& problems);

struct expansion {
  std::string text;
  std::vector<std::string> unset;  // variables that were not set and had no default: they became ""
};

// Replaces variables as Compose does: $NAME ${NAME} ${NAME:-default} ${NAME-default} ${NAME:?message}
// ${NAME?message} ${NAME:+other} ${NAME+other} and $$ for one dollar; defaults may hold variables in turn.
// Errors (as text that never holds a value): a malformed use, a required variable that is missing.
[[nodiscard]] std::expected<expansion, std::string> expand_variables(std::string_view text,
                                                                     const variable_lookup& variables);

}  // namespace guildfleet::base
