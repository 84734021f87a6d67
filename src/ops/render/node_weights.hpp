// Which of a service's nodes get how many of the HTTP requests: as the rollout of its bot stands. A decider.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ops/render/deployment.hpp"
#include "store/fleet_rows.hpp"

namespace guildfleet::ops {

struct weighted_node {
  std::string name;          // one of node_names()
  std::uint32_t weight = 0;  // against the others'; 0: it gets none
  bool operator==(const weighted_node&) const = default;
};

// Nodes that live and serve `bot`, in the order of their names: while a rollout moves the bot, each release's
// nodes together have its share; otherwise those of the release that the bot is settled at have all. A node
// that drains gets nothing. A share that no node can take goes to the others, whatever their release: at
// least one node always gets requests. Where nobody lives, as before the first start, the answer is every
// blue node.
[[nodiscard]] std::vector<weighted_node> node_weights(const service& of, const store::bot_name& bot,
                                                      const store::fleet_picture& seen);

}  // namespace guildfleet::ops
