// How the nodes of a fleet are, asked over the peer link: the store knows who has a shard, the node knows how
// that shard is.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "store/fleet_rows.hpp"

namespace guildfleet::cli {

struct shard_condition {
  std::string state;  // as /health names it
  std::optional<std::chrono::milliseconds> latency{};
  std::optional<std::chrono::milliseconds> last_event{};  // ago
  std::uint64_t guilds = 0;
  bool held = false;
  bool muted = false;
};

struct shard_at_node {
  std::uint64_t incarnation = 0;
  store::lease_key key;
  auto operator<=>(const shard_at_node&) const = default;
};
using shard_conditions = std::map<shard_at_node, shard_condition>;

struct node_answers {
  shard_conditions shards{};
  std::map<std::uint64_t, base::error> unheard{};  // by incarnation: why it did not answer
};

// The nodes that have a peer link are asked, and have two seconds to answer. Without a key nobody is asked.
[[nodiscard]] node_answers ask_nodes(const store::fleet_picture& seen, const base::secret& fleet_key);

// What is of use in a node's /health; nothing of what is no such JSON.
[[nodiscard]] shard_conditions conditions_in(std::string_view health_json, std::uint64_t incarnation);

}  // namespace guildfleet::cli
