// guildfleet db status: what the stores of a configuration hold, without changing them.
#pragma once

#include <string>

#include "cli/command.hpp"
#include "cli/terminal.hpp"
#include "ops/fleet_config.hpp"

namespace guildfleet::cli {

// `bot`: whose rows are counted; empty: of each store, the first bot that has its data there. Rows are
// counted where the tables are those of this release. Blocks. failed: a store cannot be looked at, or needs a
// newer release.
[[nodiscard]] exit_code show_stores(const ops::fleet_config& config, const std::string& bot, bool as_json,
                                    const terminal& to);

}  // namespace guildfleet::cli
