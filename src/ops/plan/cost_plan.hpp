// What a fleet's nodes cost in a month, on each platform of a price list. The database is not in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ops/plan/capacity_plan.hpp"
#include "ops/plan/price_list.hpp"

namespace guildfleet::ops {

// Nodes that are alike.
struct node_group {
  std::uint32_t nodes = 1;
  double bytes = 0;  // that one of them may use
  double cores = 0;  // that one of them uses
};

// Beside the nodes of a machine: its operating system and container engine. A figure by rule of thumb, not
// measured.
inline constexpr double system_bytes = 300e6;

struct platform_cost {
  const platform* where = nullptr;
  std::string plan{};             // "CX33"; "by use"; empty: no price, or no plan that is large enough
  std::uint32_t count = 0;        // of machines or containers
  std::optional<double> price{};  // of all, a month
  price_source source{};
  price_age age = price_age::undated;
  std::string remark{};  // why there is no price
};

// The cheapest plan of each platform that carries the nodes. Nodes of one group stand on different machines,
// nodes of different groups may share one. `prices` outlives the answer.
[[nodiscard]] std::vector<platform_cost> plan_costs(const std::vector<node_group>& groups,
                                                    const price_list& prices, base::wall_time now);

}  // namespace guildfleet::ops
