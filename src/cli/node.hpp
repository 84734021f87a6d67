// A node as a process: bots, HTTP face, signals, and what the terminal shows meanwhile.
#pragma once

#include <functional>
#include <optional>

#include "bot/fleet_runtime.hpp"
#include "cli/command.hpp"
#include "ops/fleet_config.hpp"

namespace guildfleet::cli {

// Turns the configuration into what the bots need. Errors: a CA file that cannot be used, an URL that is
// none.
[[nodiscard]] base::result<bot::fleet_settings> fleet_settings_of(const ops::fleet_config& config);

// Something to do beside the bots, on the control loop; the node stops when it ends with an exit code.
using companion = std::function<net::task<std::optional<exit_code>>(const bot::fleet_status& fleet)>;

struct node_options {
  ops::fleet_config config;
  companion beside;                 // empty: none
  base::variable_lookup variables;  // of the service manager that started this process; empty: none
};

// Runs until SIGINT or SIGTERM, until every bot has stopped for good (failed), or until the companion says. A
// second signal ends the process at once. Blocks.
[[nodiscard]] exit_code run_node(node_options options, const terminal& to);

}  // namespace guildfleet::cli
