// Prices: how they are read, how old they are, and what a fleet costs by them.
#include "ops/plan/cost_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace guildfleet::ops {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr double mib = 1 << 20;

base::wall_time on(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
}

price_list prices(std::string_view yaml) {
  base::problem_list problems;
  auto out = parse_price_list(yaml, "prices.yaml", problems);
  for (const auto& each : problems) ADD_FAILURE() << base::to_text(each);
  return out.value_or(price_list{});
}

constexpr std::string_view two_platforms = R"(
platforms:
  - name: Metal
    url: https://metal.example/
    plans:
      - { name: S, vcpu: 1, memory_mib: 1024, price: 5, currency: EUR, as_of: 2026-06-01, source: "https://a.example" }
      - { name: M, vcpu: 2, memory_mib: 2048, price: 9, currency: EUR, as_of: 2026-06-01, source: "https://a.example" }
  - name: Boxes
    kind: containers
    url: https://boxes.example/
    plans:
      - { name: tiny, vcpu: 1, memory_mib: 256, price: 2, currency: USD, as_of: undated, source: "https://b.example" }
      - { name: large, vcpu: 1, memory_mib: 512, price: 4, currency: USD, as_of: 2026-06-01, source: "https://b.example" }
  - name: Meter
    kind: containers
    url: https://meter.example/
    usage: { memory_gb: 10, vcpu: 20, least: 5, currency: USD, as_of: 2026-06-01, source: "https://c.example" }
  - { name: Secret, url: "https://secret.example/" }
)";

TEST(price_age, is_judged_by_the_clock_it_is_given) {
  const price_source source{.currency = "EUR", .as_of = std::chrono::sys_days(2026y / 6 / 1)};
  EXPECT_EQ(source.age(on(2026, 6, 1)), price_age::fresh);
  EXPECT_EQ(source.age(on(2026, 11, 28)), price_age::fresh);  // 180 days
  EXPECT_EQ(source.age(on(2026, 11, 28) + 1ms), price_age::old);
  EXPECT_EQ(price_source{.currency = "EUR"}.age(on(2026, 6, 1)), price_age::undated);
}

TEST(cost_plan, puts_nodes_of_one_bot_on_different_machines_and_bots_beside_each_other) {
  const price_list list = prices(two_platforms);
  const auto costs =
      plan_costs({{.nodes = 2, .bytes = 256 * mib}, {.nodes = 2, .bytes = 256 * mib}}, list, on(2026, 7, 1));
  ASSERT_EQ(costs.size(), 4U);
  EXPECT_EQ(costs[0].plan, "S");  // 512 MiB and the system
  EXPECT_EQ(costs[0].count, 2U);
  EXPECT_EQ(costs[0].price, 10);
  EXPECT_EQ(costs[0].age, price_age::fresh);
  EXPECT_EQ(costs[1].plan, "tiny");
  EXPECT_EQ(costs[1].count, 4U);
  EXPECT_EQ(costs[1].price, 8);
  EXPECT_EQ(costs[1].age, price_age::undated);
}

TEST(cost_plan, takes_the_larger_plan_where_the_machine_has_too_little) {
  const price_list list = prices(two_platforms);
  const auto costs = plan_costs({{.nodes = 1, .bytes = 900 * mib}}, list, on(2026, 7, 1));
  EXPECT_EQ(costs[0].plan, "M");
  EXPECT_FALSE(costs[1].price);
  EXPECT_EQ(costs[1].remark, "none of its plans that are known here has 900 MiB");
  EXPECT_EQ(plan_costs({{.nodes = 1, .bytes = 100 * mib, .cores = 1.5}}, list, on(2026, 7, 1))[0].plan, "M");
}

TEST(cost_plan, shows_the_older_source_of_two_plans) {
  const price_list list = prices(two_platforms);
  const auto costs =
      plan_costs({{.nodes = 1, .bytes = 256 * mib}, {.nodes = 2, .bytes = 400 * mib}}, list, on(2026, 7, 1));
  EXPECT_EQ(costs[1].plan, "tiny + large");
  EXPECT_EQ(costs[1].price, 10);
  EXPECT_EQ(costs[1].count, 3U);
  EXPECT_EQ(costs[1].age, price_age::undated);
}

TEST(cost_plan, multiplies_what_is_used_and_keeps_to_the_least) {
  const price_list list = prices(two_platforms);
  const auto small = plan_costs({{.nodes = 1, .bytes = 100e6, .cores = 0.01}}, list, on(2026, 7, 1));
  EXPECT_EQ(small[2].price, 5);
  const auto large = plan_costs({{.nodes = 2, .bytes = 1e9, .cores = 0.5}}, list, on(2026, 7, 1));
  EXPECT_NEAR(large[2].price.value_or(0), 2 * (1 * planned_part * 10 + 0.5 * 20), 0.01);
}

TEST(cost_plan, invents_no_price) {
  const price_list list = prices(two_platforms);
  const auto costs = plan_costs({{.nodes = 1, .bytes = 100e6}}, list, on(2026, 7, 1));
  EXPECT_FALSE(costs[3].price);
  EXPECT_THAT(costs[3].remark, HasSubstr("see https://secret.example/"));
}

TEST(price_list, says_where_it_is_wrong) {
  struct row {
    std::string_view yaml;
    std::string_view problem;
  };
  for (const row& each : {row{"", "prices.yaml: error: no platform is described"},
                          row{"platforms: []", "no platform is described"},
                          row{"platforms: [{ name: A }]", "platforms[0].url is missing"},
                          row{"platforms: [{ name: A, url: u, plan: [] }]", "unknown key"},
                          row{"platforms:\n  - name: A\n    url: u\n    plans: [{ name: S, vcpu: 1, "
                              "memory_mib: 512, price: -1, "
                              "currency: EUR, source: s }]",
                              "prices.yaml:4:57: error: platforms[0].plans[0].price must be a number from 0"},
                          row{"platforms: [{ name: A, url: u, plans: [{ name: S, vcpu: 1, price: 1, "
                              "currency: EUR, source: s }] }]",
                              "platforms[0].plans[0].memory_mib is missing"},
                          row{"platforms: [{ name: A, url: u, plans: [{ name: S, vcpu: 1, memory_mib: 512, "
                              "price: 1, currency: EUR }] "
                              "}]",
                              "platforms[0].plans[0].source is missing"},
                          row{"platforms: [{ name: A, url: u, usage: { memory_gb: 1, vcpu: x, least: 0, "
                              "currency: EUR, source: s } }]",
                              "platforms[0].usage.vcpu must be a number"},
                          row{"platforms: [{ name: A, url: u, plans: [{ name: S, vcpu: 1, memory_mib: 512, "
                              "price: 1, currency: EUR, "
                              "source: s, as_of: June }] }]",
                              "as_of must be a day such as 2026-12-31"}}) {
    base::problem_list problems;
    EXPECT_FALSE(parse_price_list(each.yaml, "prices.yaml", problems)) << each.yaml;
    std::string all;
    for (const auto& found : problems) all += base::to_text(found) + "\n";
    EXPECT_THAT(all, HasSubstr(each.problem));
  }
}

TEST(built_in_prices, have_each_a_currency_a_page_and_no_free_plan) {
  base::problem_list problems;
  const auto list = parse_price_list(built_in_prices(), "data/platforms.yaml", problems);
  ASSERT_TRUE(list) << (problems.empty() ? "" : base::to_text(problems.front()));
  std::set<std::string> names;
  for (const platform& each : list->platforms) {
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_THAT(each.url, HasSubstr("https://"));
    for (const price_plan& plan : each.plans) {
      EXPECT_GT(plan.price, 0) << plan.name;
      EXPECT_EQ(plan.source.currency.size(), 3U);
      EXPECT_THAT(plan.source.url, HasSubstr("https://"));
    }
  }
  for (const char* name :
       {"Hetzner Cloud", "DigitalOcean", "AWS Lightsail", "Fly.io", "Railway", "Render", "Linode (Akamai)",
        "Vultr", "OVHcloud VPS", "Oracle Cloud", "Sakura VPS", "ConoHa VPS"})
    EXPECT_TRUE(names.contains(name)) << name;
}

}  // namespace
}  // namespace guildfleet::ops
