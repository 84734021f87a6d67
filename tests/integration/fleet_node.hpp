// A node of one bot, bot1, as a process of its own: programs that run several start themselves with
// "--node PLAN".
#pragma once

#include <string>

#include "fleet/lease_time.hpp"
#include "jobs/job_policy.hpp"

namespace guildfleet::integration {

struct node_plan {
  std::string name;
  std::string api_url;
  std::string token;
  std::string folder;                 // of SQLite files
  std::string database;               // URL; empty: SQLite
  std::string address = "127.0.0.1";  // for the other nodes
  std::uint32_t shards = 1;
  std::uint64_t echo_each = 0;  // recorder.hpp
  std::string release = "test";
  std::string flaw;      // recorder.hpp; empty: none
  std::string features;  // comma list of those that are shipped; empty: those of recorder.hpp
  std::chrono::milliseconds job_lease = jobs::job_limits().lease;
  fleet::lease_timing leases{std::chrono::milliseconds(6'000), std::chrono::milliseconds(2'000),
                             std::chrono::milliseconds(1'000)};
};

[[nodiscard]] std::string text_of(const node_plan& plan);

// Writes its actions to stdout (action_log.hpp), until SIGTERM. The exit code.
[[nodiscard]] int run_node(const std::string& plan);

// main() of a test program that starts itself as a node: `run` with what follows "--node", else the tests.
[[nodiscard]] int tests_or_node(int count, char** values, int (*run)(const std::string& plan));

}  // namespace guildfleet::integration
