#include "fleet/shard_balance.hpp"

#include <algorithm>
#include <numeric>

namespace guildfleet::fleet {
namespace {

std::vector<std::uint32_t> counts_of(const balance_view& view) {
  std::vector<std::uint32_t> counts(view.nodes.size(), 0);
  for (const std::size_t owner : view.owners) {
    if (owner < counts.size()) ++counts[owner];
  }
  return counts;
}

// Nodes of weight 0 count for something once there are no others.
std::vector<std::uint64_t> usable_weights(const std::vector<balance_node>& nodes) {
  const bool some =
      std::ranges::any_of(nodes, [](const balance_node& node) { return !node.draining && node.weight > 0; });
  std::vector<std::uint64_t> weights;
  for (const balance_node& node : nodes) weights.push_back(node.draining ? 0 : some ? node.weight : 1);
  return weights;
}

// What each node lacks, and who lacks most; the first by name among equals.
class lacks final {
 public:
  explicit lacks(const balance_view& view) : missing_(view.nodes.size(), 0) {
    const auto shares = fair_shares(view);
    const auto held = counts_of(view);
    for (std::size_t i = 0; i < missing_.size(); ++i)
      missing_[i] = static_cast<std::int64_t>(shares[i]) - static_cast<std::int64_t>(held[i]);
  }

  // Gives one shard to who lacks most; nullopt: nobody lacks any.
  std::optional<std::size_t> serve() {
    const auto most = std::ranges::max_element(missing_);
    if (most == missing_.end() || *most <= 0) return std::nullopt;
    --*most;
    return static_cast<std::size_t>(most - missing_.begin());
  }
  [[nodiscard]] std::uint32_t surplus_of(std::size_t node) const {
    return missing_[node] < 0 ? static_cast<std::uint32_t>(-missing_[node]) : 0;
  }

 private:
  std::vector<std::int64_t> missing_;
};

}  // namespace

std::vector<std::uint32_t> fair_shares(const balance_view& view) {
  const std::vector<std::uint64_t> weights = usable_weights(view.nodes);
  const std::uint64_t all = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  std::vector<std::uint32_t> shares(view.nodes.size(), 0);
  if (all == 0) return shares;
  const std::uint64_t shards = view.owners.size();
  std::uint64_t given = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    shares[i] = static_cast<std::uint32_t>(shards * weights[i] / all);
    given += shares[i];
  }
  const auto held = counts_of(view);
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t node) { return weights[node] == 0; });
  std::ranges::sort(order, [&](std::size_t one, std::size_t other) {
    const bool one_has = held[one] > shares[one];
    const bool other_has = held[other] > shares[other];
    if (one_has != other_has) return one_has;
    const std::uint64_t rest_of_one = shards * weights[one] % all;
    const std::uint64_t rest_of_other = shards * weights[other] % all;
    return rest_of_one != rest_of_other ? rest_of_one > rest_of_other : one < other;
  });
  for (std::size_t i = 0; given < shards; ++i, ++given) ++shares[order[i % order.size()]];
  return shares;
}

balance_step balance(const balance_view& view, std::uint32_t moves) {
  balance_step step;
  lacks missing(view);
  for (std::uint32_t shard = 0; shard < view.owners.size(); ++shard) {
    if (view.owners[shard] != nobody) continue;
    if (missing.serve() == view.self) step.take.push_back(shard);
  }
  const bool drains = view.nodes[view.self].draining;
  std::uint32_t left = drains ? UINT32_MAX : std::min(moves, missing.surplus_of(view.self));
  // The highest first: which ones go is all the same, but all nodes should agree.
  for (std::size_t shard = view.owners.size(); shard-- > 0 && left > 0;) {
    if (view.owners[shard] != view.self) continue;
    const auto to = missing.serve();
    if (!to) break;
    step.give.push_back({static_cast<std::uint32_t>(shard), *to});
    --left;
  }
  return step;
}

}  // namespace guildfleet::fleet
