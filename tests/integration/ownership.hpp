// Proves from two independent records, the database's of its leases and the nodes' of what they did, that
// each action was its shard's owner's. Pure. Times are of CLOCK_MONOTONIC, which all processes of a machine
// share.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace guildfleet::integration {

// A lease as it was written, at the moment it was.
struct lease_change {
  std::uint32_t shard = 0;
  std::string node;  // empty: it was released
  std::uint64_t incarnation = 0;
  std::uint64_t epoch = 0;
  bool handed_over = false;  // by the owner before
  base::steady_time expires;
  base::steady_time at;
};

struct owner_action {
  std::string node;
  std::uint32_t shard = 0;
  std::uint64_t message = 0;
  base::steady_time at;
};

enum class breach {
  not_owner,        // an action of a node that the record does not have as the owner then
  expired,          // an action of the owner after its lease's end
  epoch_went_back,  // or stayed, with another owner
  taken_early,      // from an owner whose lease had not ended and who did not give it away
};

struct violation {
  breach what = breach::not_owner;
  base::steady_time at;
  std::string text;
};

// `changes` of one shard come in the order they were made; of several shards, mixed as they like. `tolerance`
// is what clocks of the two records may differ by. In order of time.
[[nodiscard]] std::vector<violation> find_violations(std::span<const lease_change> changes,
                                                     std::span<const owner_action> actions,
                                                     std::chrono::nanoseconds tolerance);

}  // namespace guildfleet::integration
