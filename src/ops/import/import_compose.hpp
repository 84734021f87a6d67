// A fleet.yaml from a Compose file with a service for each bot.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "ops/check/compose.hpp"
#include "ops/import/fleet_draft.hpp"

namespace guildfleet::ops {

struct compose_import {
  compose_input input;
  std::string folder_name;                  // of the file's folder: the fleet's name where the file has none
  std::vector<std::string> known_features;  // of this program
};

// Values of secrets are never copied: the draft names variables and files, and `left` tells what has to get
// into them. Errors: the file cannot be read, or no service has a bot's token.
[[nodiscard]] base::result<fleet_draft> import_compose(const compose_import& request);

}  // namespace guildfleet::ops
