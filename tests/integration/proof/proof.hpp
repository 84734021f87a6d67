// Several nodes of one bot under traffic, one fault after the other: every event is accounted for, every
// action is its shard's owner's, every effect is there once.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fleet/lease_time.hpp"

namespace guildfleet::proof {

enum class fault {
  drain,         // SIGTERM: the shards are handed over
  kill,          // SIGKILL
  freeze,        // SIGSTOP for longer than a lease, then SIGCONT
  store,         // the node is cut from the database
  discord,       // the node is cut from Discord
  both,          // the node is cut from everybody
  clock,         // the node's time of day jumps an hour on and two back while it is given shards
  store_restart  // the database is killed and started again while a node hands its shards over
};
inline constexpr std::size_t fault_count = 8;

[[nodiscard]] std::string_view name_of(fault value);
[[nodiscard]] std::optional<fault> fault_of(std::string_view name);

struct options {
  std::uint32_t shards = 12;
  int nodes = 3;
  double events_per_second = 300;
  int rounds = 1;             // of each fault
  std::vector<fault> faults;  // empty: all
  std::uint64_t seed = 1;
  fleet::lease_timing leases{std::chrono::milliseconds(3'000), std::chrono::milliseconds(1'000),
                             std::chrono::milliseconds(500)};
  std::string logs;     // folder for what the nodes write; empty: it is not kept
  std::string program;  // this one: it starts itself as a node
};

// Each with the reason why it cannot be made here; empty: it can.
struct abilities {
  std::string no_networks;
  std::string no_clock;
};

// 0: every account is right; 77: none of the faults can be made here. What was found is told on stdout.
[[nodiscard]] int run(const options& wanted, const abilities& here);

}  // namespace guildfleet::proof
