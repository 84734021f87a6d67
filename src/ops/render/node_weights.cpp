#include "ops/render/node_weights.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "fleet/rollout_view.hpp"

namespace guildfleet::ops {
namespace {

// What is finer than this would only make large numbers.
constexpr std::uint32_t whole = 10'000;

using shares = std::map<std::string, std::uint32_t>;  // by release, parts of `whole`

// A rollout's share is never rounded to nothing or to everything.
shares shares_of(const fleet::bot_releases& rule) {
  if (!rule.active) return rule.settled.empty() ? shares() : shares{{rule.settled, whole}};
  const double share = fleet::placement_of(*rule.active).share;
  if (share <= 0) return {{rule.active->from, whole}};
  if (share >= 1) return {{rule.active->to, whole}};
  const auto fresh = std::clamp(static_cast<std::uint32_t>(std::lround(share * whole)), 1U, whole - 1);
  return {{rule.active->from, whole - fresh}, {rule.active->to, fresh}};
}

// A name may be there twice for some seconds: a process, and the one that follows it.
const store::node_row* living(const store::fleet_picture& seen, const store::bot_name& bot,
                              const std::string& name) {
  const store::node_row* found = nullptr;
  for (const store::node_row& each : seen.nodes) {
    if (each.identity.name != name || each.serves(bot) == nullptr) continue;
    if (found == nullptr || each.up_for < found->up_for) found = &each;
  }
  return found;
}

struct candidate {
  weighted_node node;
  std::string release;
  bool drains = false;
};

std::vector<candidate> candidates_of(const service& of, const store::bot_name& bot,
                                     const store::fleet_picture& seen) {
  std::vector<candidate> out;
  for (const node_twin which : {node_twin::blue, node_twin::green}) {
    for (const std::string& name : node_names(of, which)) {
      if (const store::node_row* row = living(seen, bot, name))
        out.push_back({{name, 0}, row->report.release, row->drains()});
    }
  }
  return out;
}

bool any_gets(const std::vector<candidate>& all) {
  return std::ranges::any_of(all, [](const candidate& each) { return each.node.weight > 0; });
}

// So that the nodes of each release have its share together, in the smallest whole numbers that say so.
void divide(const shares& by_release, std::vector<candidate>& all) {
  std::map<std::string, std::uint32_t> able;  // nodes that can take some, by release
  for (const candidate& each : all) {
    if (!each.drains && by_release.contains(each.release)) ++able[each.release];
  }
  std::uint32_t product = 1;
  for (const auto& [release, nodes] : able) product *= nodes;
  std::uint32_t divisor = 0;
  for (candidate& each : all) {
    if (each.drains || !able.contains(each.release)) continue;
    each.node.weight = by_release.at(each.release) * (product / able.at(each.release));
    divisor = std::gcd(divisor, each.node.weight);
  }
  for (candidate& each : all) {
    if (divisor > 0) each.node.weight /= divisor;
  }
}

}  // namespace

std::vector<weighted_node> node_weights(const service& of, const store::bot_name& bot,
                                        const store::fleet_picture& seen) {
  std::vector<weighted_node> out;
  std::vector<candidate> all = candidates_of(of, bot, seen);
  if (all.empty()) {
    for (const std::string& name : node_names(of, node_twin::blue)) out.push_back({name, 1});
    return out;
  }
  const fleet::release_rules rules = fleet::rules_of(seen);
  const auto rule = rules.find(bot);
  divide(rule == rules.end() ? shares() : shares_of(rule->second), all);
  for (const bool with_draining : {false, true}) {
    if (any_gets(all)) break;
    for (candidate& each : all) each.node.weight = with_draining || !each.drains ? 1 : 0;
  }
  for (candidate& each : all) out.push_back(std::move(each.node));
  return out;
}

}  // namespace guildfleet::ops
