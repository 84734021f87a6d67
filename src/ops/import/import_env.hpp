// A fleet.yaml from a .env file that holds the tokens of several bots.
#pragma once

#include "base/result.hpp"
#include "ops/check/finding.hpp"
#include "ops/import/fleet_draft.hpp"

namespace guildfleet::ops {

// Values stay in the file; the draft refers to them by name. Errors: no variable holds a bot's token.
[[nodiscard]] base::result<fleet_draft> import_env(const source_text& file);

}  // namespace guildfleet::ops
