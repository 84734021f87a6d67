// Which node of a bot runs which of its shards. Each node decides for itself, from what all of them read in
// the store; two that read the same decide the same, and where they read at different moments the store
// grants a shard to one of them only. A decider.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace guildfleet::fleet {

struct balance_node {
  std::string name;  // unique
  std::uint32_t weight = 1;
  bool draining = false;  // gives everything away and takes nothing
};

// One entry of balance_view::owners: a place in `nodes`, or one of these.
constexpr std::size_t nobody = SIZE_MAX;          // free
constexpr std::size_t a_stranger = SIZE_MAX - 1;  // somebody who is not among the nodes, until the lease ends

struct balance_view {
  std::vector<balance_node> nodes;  // living, those that serve this bot; by name
  std::size_t self = 0;
  std::vector<std::size_t> owners;  // of each shard, by index
};

struct shard_move {
  std::uint32_t shard = 0;
  std::size_t to = 0;  // a place in `nodes`
  bool operator==(const shard_move&) const = default;
};

struct balance_step {
  std::vector<std::uint32_t> take;  // free shards that are this node's, ascending
  std::vector<shard_move> give;     // its own that are another's
};

// How many shards each node should have: by weight, the rest to those that have more already, so that little
// moves; 0 for a draining node, and for one of weight 0 while there are others. All 0 when
// every node drains.
[[nodiscard]] std::vector<std::uint32_t> fair_shares(const balance_view& view);

// `moves`: how many shards a node that does not drain may give away now.
[[nodiscard]] balance_step balance(const balance_view& view, std::uint32_t moves);

}  // namespace guildfleet::fleet
