// A standard output that does not take everything: a full disk behind it, say.
#pragma once

#include "cli/command.hpp"

namespace guildfleet::cli {

// What the process answers when its output is written to the end: `code`, but never fine when something of
// the output is lost, which is told.
[[nodiscard]] exit_code after_output(exit_code code, const terminal& to);

}  // namespace guildfleet::cli
