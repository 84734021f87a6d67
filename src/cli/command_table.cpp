#include <array>

#include "cli/command.hpp"

namespace guildfleet::cli {
namespace {

constexpr std::array table = {
    command_entry{"init", "write a first fleet.yaml and .env.example", attach_init},
    command_entry{"import", "write a fleet.yaml from a Compose file or a .env", attach_import},
    command_entry{"check", "find everything wrong with the configuration, or with files of other programs",
                  attach_check},
    command_entry{"plan", "shards, nodes, times, budgets and costs, now and as the fleet grows", attach_plan},
    command_entry{"render", "write deployment files from the configuration", attach_render},
    command_entry{"run", "run this node's bots", attach_run},
    command_entry{"demo", "three bots against the built-in simulator", attach_demo},
    command_entry{"sim", "a simulated Discord on this machine", attach_sim},
    command_entry{"status", "show how a running node is", attach_status},
    command_entry{"doctor", "find what is wrong with the fleet, and what to do", attach_doctor},
    command_entry{"shards", "show which node runs which shard", attach_shards},
    command_entry{"drain", "move all shards of a node to the others", attach_drain},
    command_entry{"rollout", "move bots from one release to another, step by step", attach_rollout},
    command_entry{"reshard", "give a bot another number of shards while it runs", attach_reshard},
    command_entry{"identifies", "show what is left of the day's sessions; pass the floor", attach_identifies},
    command_entry{"config", "show and change the settings of a server", attach_config},
    command_entry{"db", "look after the stores: status, migrate, backup, copy", attach_db},
    command_entry{"jobs", "show, repeat and cancel durable timers", attach_jobs},
    command_entry{"stats", "count guilds, uses, jobs and changes", attach_stats},
    command_entry{"token", "make and revoke tokens of the API", attach_token},
    command_entry{"experiments", "compare the variants that a running node tries out", attach_experiments},
    command_entry{"health", "ask a running node whether it lives (for a container's health check)",
                  attach_health},
};

}  // namespace

std::span<const command_entry> command_table() {
  return table;
}

}  // namespace guildfleet::cli
