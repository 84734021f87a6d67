// What `guildfleet doctor` is asked, and the probes that gather what it judges. They block, and change
// nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/node_question.hpp"
#include "cli/progress_line.hpp"
#include "ops/doctor/facts.hpp"

namespace guildfleet::cli {

struct doctor_request {
  node_question node;
  std::vector<std::string> bots;  // empty: all
  bool offline = false;           // no running node is asked
  std::uint32_t guilds = 10;      // of each bot are looked at
  std::string output = "text";
  // heap:
  std::string api;         // address of the node's API; empty: this machine, the configuration's port
  std::string token_file;  // empty: GUILDFLEET_API_TOKEN
  std::string file;        // to write; empty: a name with the node's and the time
};

// What the probes may know. All of it outlives them.
struct doctor_scene {
  const doctor_request& request;
  const ops::fleet_config& config;
  std::vector<const ops::bot_section*> bots;  // that are meant
  const program_facts& program;
  progress_line& progress;
  const base::clock& clock;
};

// A probe's result as an answer.
template <class T>
[[nodiscard]] ops::doctor::answer<T> answered(base::result<T> from) {
  if (!from) return ops::doctor::failed(from.error());
  return std::move(*from);
}

[[nodiscard]] ops::doctor::facts gather_facts(const doctor_scene& scene);

// Its parts.
[[nodiscard]] ops::doctor::answer<ops::doctor::reach_facts> look_at_discord(const doctor_scene& scene);
// `reachable`: Discord answered look_at_discord(); otherwise nothing is asked.
[[nodiscard]] std::vector<ops::doctor::bot_facts> look_at_bots(const doctor_scene& scene, bool reachable);
// `bots`: as look_at_bots() found them; how many shards they have tells how many files are needed.
[[nodiscard]] ops::doctor::machine_facts look_at_machine(const doctor_scene& scene,
                                                         const std::vector<ops::doctor::bot_facts>& bots);
void look_at_stores(const doctor_scene& scene, ops::doctor::facts& into);
// Shards, jobs, conflicts, memory; after look_at_stores(), which tells whether the stores can be asked.
void look_at_fleet(const doctor_scene& scene, ops::doctor::facts& into);
// GET /memory of the node.
[[nodiscard]] ops::doctor::answer<ops::doctor::memory_series> look_at_memory(const node_question& node);

}  // namespace guildfleet::cli
