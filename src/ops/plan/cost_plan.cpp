#include "ops/plan/cost_plan.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace guildfleet::ops {
namespace {

constexpr double mib = 1 << 20;

bool carries(const price_plan& plan, double bytes, double cores) {
  return plan.memory_mib * mib >= bytes && plan.vcpu >= cores;
}

const price_plan* cheapest(const platform& where, double bytes, double cores) {
  const price_plan* best = nullptr;
  for (const price_plan& each : where.plans) {
    if (carries(each, bytes, cores) && (best == nullptr || each.price < best->price)) best = &each;
  }
  return best;
}

void choose(platform_cost& out, const price_plan* plan, std::uint32_t count, double bytes) {
  if (plan == nullptr) {
    out.remark = fmt::format("none of its plans that are known here has {:.0f} MiB", bytes / mib);
    return;
  }
  if (!out.plan.empty() && out.plan != plan->name) out.plan += " + ";
  if (!out.plan.ends_with(plan->name)) out.plan += plan->name;
  out.count += count;
  out.price = out.price.value_or(0) + plan->price * count;
  const bool older = !plan->source.as_of || plan->source.as_of < out.source.as_of;
  if (out.source.url.empty() || older) out.source = plan->source;
}

void of_machines(platform_cost& out, const std::vector<node_group>& groups) {
  std::uint32_t machines = 0;
  double bytes = system_bytes;
  double cores = 0;
  for (const node_group& each : groups) {
    machines = std::max(machines, each.nodes);
    bytes += each.bytes;
    cores += each.cores;
  }
  choose(out, cheapest(*out.where, bytes, cores), machines, bytes);
}

void of_containers(platform_cost& out, const std::vector<node_group>& groups) {
  for (const node_group& each : groups) {
    choose(out, cheapest(*out.where, each.bytes, each.cores), each.nodes, each.bytes);
    if (out.remark.empty()) continue;
    out.price.reset();
    return;
  }
}

void of_use(platform_cost& out, const std::vector<node_group>& groups) {
  const usage_price& usage = *out.where->usage;
  double price = 0;
  for (const node_group& each : groups) {
    price += each.nodes * (each.bytes * planned_part / 1e9 * usage.memory_gb + each.cores * usage.vcpu);
    out.count += each.nodes;
  }
  out.plan = "by use";
  out.price = std::max(price, usage.least);
  out.source = usage.source;
}

}  // namespace

std::vector<platform_cost> plan_costs(const std::vector<node_group>& groups, const price_list& prices,
                                      base::wall_time now) {
  std::vector<platform_cost> out;
  for (const platform& each : prices.platforms) {
    platform_cost one{.where = &each};
    if (each.usage)
      of_use(one, groups);
    else if (each.plans.empty())
      one.remark = "no price with a source; see " + each.url;
    else if (each.kind == platform_kind::machines)
      of_machines(one, groups);
    else
      of_containers(one, groups);
    one.age = one.source.age(now);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace guildfleet::ops
