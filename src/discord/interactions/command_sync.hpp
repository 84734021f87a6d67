// Compares the commands that Discord knows with those wanted, so that nothing is written when nothing
// changed: creates are limited to 200 a day (protocol sheet 3.1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "discord/interactions/command_definition.hpp"

namespace guildfleet::discord {

struct command_plan {
  enum class kind {
    none,       // Discord has exactly these
    upserts,    // create each of `bodies`: new or changed ones; nothing to delete
    overwrite,  // put bodies[0], an array: something must go
  };
  kind what = kind::none;
  std::vector<std::string> bodies;
  std::vector<std::string> added;  // names, for the log
  std::vector<std::string> changed;
  std::vector<std::string> removed;
};

// `registered`: the answer of get_commands(with_localizations = true). Fields that Discord fills with
// defaults count as absent. Errors: `registered` is not an array of commands, or a wanted command is invalid.
[[nodiscard]] base::result<command_plan> plan_commands(std::string_view registered,
                                                       const std::vector<command_definition>& wanted,
                                                       command_scope scope);

// The same question without a plan.
[[nodiscard]] bool commands_differ(std::string_view registered, const std::vector<command_definition>& wanted,
                                   command_scope scope);

}  // namespace guildfleet::discord
