#include "ops/plan/plan_json.hpp"

#include <boost/json/array.hpp>
#include <fmt/chrono.h>

namespace guildfleet::ops {
namespace {

namespace json = boost::json;

double seconds(std::chrono::milliseconds time) {
  return static_cast<double>(time.count()) / 1e3;
}

template <class T>
json::value or_null(const std::optional<T>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::array texts(const std::vector<std::string>& all) {
  json::array out;
  for (const std::string& each : all) out.emplace_back(each);
  return out;
}

json::object shards_json(const bot_plan& plan) {
  const auto& discord = plan.bot.discord;
  return {{"common_rule", plan.shards.common_rule},
          {"common_rule_holds_guilds", plan.shards.common_rule_holds},
          {"least", plan.shards.least},
          {"recommended", plan.shards.recommended},
          {"recommended_holds_guilds", plan.shards.holds},
          {"lasts_months", or_null(plan.lasts_months)},
          {"multiple", plan.shards.multiple},
          {"multiple_is_a_guess", plan.shards.multiple_is_a_guess},
          {"configured", or_null(plan.bot.configured_shards)},
          {"discord", discord ? json::value(discord->shards) : json::value(nullptr)},
          {"why", plan.shards.why(plan.bot.guilds)}};
}

json::object start_json(const bot_plan& plan) {
  return {{"max_concurrency", plan.max_concurrency},
          {"max_concurrency_is_a_guess", plan.max_concurrency_is_a_guess},
          {"turns", plan.start.turns},
          {"cold_at_least_s", seconds(plan.start.at_least)},
          {"cold_expected_s", seconds(plan.start.expected)},
          {"restart_by_resume_s", seconds(plan.start.resume)},
          {"hand_over_s", seconds(plan.start.handed_over)}};
}

json::object nodes_json(const bot_plan& plan) {
  return {{"suffice", plan.nodes.carriers}, {"recommended", plan.nodes.nodes},
          {"fits", plan.nodes.fits},        {"memory_each", plan.nodes.each.bytes},
          {"memory", plan.bytes},           {"cores_each", plan.nodes.each.cores}};
}

json::object identifies_json(const identify_plan& plan) {
  json::array uses;
  for (const identify_use& each : plan.uses)
    uses.push_back(json::object{{"what", std::string(each.what)},
                                {"identifies", each.identifies},
                                {"times_a_day", or_null(each.times)}});
  return {{"a_day", plan.total},
          {"floor", plan.floor},
          {"uses", std::move(uses)},
          {"crash_loop",
           {{"restarts_until_token_reset", plan.crashes_until_reset},
            {"seconds_until_token_reset", seconds(plan.time_until_reset)}}}};
}

json::array growth_json(const std::vector<growth_point>& growth) {
  json::array out;
  for (const growth_point& each : growth)
    out.push_back(json::object{{"month", each.month},
                               {"guilds", each.guilds},
                               {"cut", each.cut},
                               {"shards", each.shards},
                               {"common_rule", each.common_rule},
                               {"memory", each.bytes},
                               {"cold_start_s", seconds(each.cold_start)}});
  return out;
}

json::object bot_json(const bot_plan& plan) {
  return {{"name", plan.bot.name},
          {"guilds", plan.bot.guilds},
          {"shards", shards_json(plan)},
          {"start", start_json(plan)},
          {"nodes", nodes_json(plan)},
          {"events_per_s", or_null(plan.events_per_s)},
          {"requests",
           {{"limit_per_s", requests_per_second},
            {"per_s", or_null(plan.requests.per_second)},
            {"seconds_per_guild", plan.requests.seconds_per_guild}}},
          {"identifies", identifies_json(plan.identifies)},
          {"growth", growth_json(plan.growth)},
          {"warnings", texts(plan.warnings)}};
}

json::object cost_json(const platform_cost& cost) {
  json::object out{{"platform", cost.where->name},
                   {"url", cost.where->url},
                   {"note", cost.where->note},
                   {"price", or_null(cost.price)}};
  if (!cost.price) {
    out["remark"] = cost.remark;
    return out;
  }
  out["plan"] = cost.plan;
  out["count"] = cost.count;
  out["currency"] = cost.source.currency;
  out["as_of"] =
      cost.source.as_of ? json::value(fmt::format("{:%F}", *cost.source.as_of)) : json::value(nullptr);
  out["age"] = std::string(name_of(cost.age));
  out["source"] = cost.source.url;
  out["price_note"] = cost.source.note;
  return out;
}

json::value connections_json(const std::optional<connection_plan>& plan, const plan_question& question) {
  if (!plan) return nullptr;
  return json::object{{"usual", plan->usual},
                      {"in_a_rollout", plan->in_a_rollout},
                      {"usable", plan->usable},
                      {"max_connections", question.max_connections},
                      {"too_many", plan->too_many()}};
}

}  // namespace

json::object plan_json(const fleet_plan& plan, const plan_question& question) {
  json::array bots;
  for (const bot_plan& each : plan.bots) bots.push_back(bot_json(each));
  json::array costs;
  for (const platform_cost& each : plan.costs) costs.push_back(cost_json(each));
  return {{"headroom", question.headroom},
          {"growth_a_month", question.growth},
          {"node_memory", question.node_memory},
          {"node_cores", question.node_cores},
          {"bytes_per_guild", question.costs.guild_bytes},
          {"nodes", plan.nodes},
          {"bots", std::move(bots)},
          {"connections", connections_json(plan.connections, question)},
          {"costs", std::move(costs)},
          {"warnings", texts(plan.warnings)}};
}

}  // namespace guildfleet::ops
