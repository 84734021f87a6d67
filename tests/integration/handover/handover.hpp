// Two nodes of one bot: its shards move from one to the other and back under traffic, and every event is
// accounted for.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace guildfleet::handover {

enum class way {
  drain,  // SIGTERM: the shards are handed over
  kill    // kill -9: they are taken over
};

struct options {
  std::uint32_t shards = 100;
  double events_per_second = 5'000;
  int rounds = 1;
  way how = way::drain;
  bool postgres = false;
  // Of the leases; often: a renewal is under way whenever a shard moves.
  std::chrono::milliseconds renew_every{2'000};
  std::string program;  // this one: it starts itself as a node
};

// 0: every account is right. What was found is told on stdout.
[[nodiscard]] int run(const options& wanted);

}  // namespace guildfleet::handover
