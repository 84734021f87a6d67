// A node whose handlers wait until the test lets them go on. It says on stdout what it does, one line each:
// "begins TEXT", "did TEXT", "is cut off from TEXT", "failed at TEXT: why".
#pragma once

#include <string>

namespace guildfleet::integration {

// Runs until SIGTERM; SIGUSR1 releases all that waits. `plan`: JSON with the strings name, token, api_url and
// folder, and linked: whether it has a peer link. The exit code.
[[nodiscard]] int run_tardy_node(const std::string& plan);

}  // namespace guildfleet::integration
