#include "cli/plan_text.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <ostream>

#include "base/count_text.hpp"
#include "ops/plan/figure_text.hpp"

namespace guildfleet::cli {
namespace {

using ops::bytes_text;
using ops::grouped;
using ops::share_text;
using ops::time_text;
using table_rows = std::vector<std::vector<cell>>;

std::string guess(bool is_one) {
  return is_one ? " (by the bot's size; --live asks Discord)" : "";
}

std::string lasts_text(const ops::bot_plan& plan, double growth) {
  if (!plan.lasts_months) return fmt::format("for more than ten years at {} a month", share_text(growth));
  const auto months = static_cast<std::uint64_t>(*plan.lasts_months);
  if (months == 0) return fmt::format("less than a month at {} a month", share_text(growth));
  return fmt::format("{} at {} a month", base::count_text(months, "month"), share_text(growth));
}

void add_shards(table_rows& rows, const ops::bot_plan& plan, const ops::plan_question& question) {
  const ops::shard_plan& shards = plan.shards;
  rows.push_back(
      {{"  shards", colour::bold},
       {fmt::format("{} recommended, with room for {} more guilds; the common rule guilds/2500+1 says {}",
                    shards.recommended, share_text(question.headroom), shards.common_rule)}});
  rows.push_back({{""}, {shards.why(plan.bot.guilds)}});
  rows.push_back({{""},
                  {fmt::format("{} {} until {} guilds: {}", shards.recommended,
                               shards.recommended == 1 ? "lasts" : "last", grouped(shards.holds),
                               lasts_text(plan, question.growth))}});
  if (plan.bot.discord)
    rows.push_back(
        {{""},
         {fmt::format("Discord recommends {}, which is what shards: auto takes", plan.bot.discord->shards)}});
}

void add_start(table_rows& rows, const ops::bot_plan& plan) {
  const ops::start_plan& start = plan.start;
  rows.push_back({{"  start", colour::bold},
                  {fmt::format("{} with new sessions ({} by Discord's limit: {} of one IDENTIFY in 5 s, "
                               "max_concurrency {}{})",
                               time_text(start.expected), time_text(start.at_least),
                               base::count_text(start.turns, "turn"), plan.max_concurrency,
                               guess(plan.max_concurrency_is_a_guess))}});
  rows.push_back(
      {{""},
       {fmt::format("{} when the process is started again and resumes, {} when its shards are handed "
                    "to nodes that stand by",
                    time_text(start.resume), time_text(start.handed_over))}});
}

void add_nodes(table_rows& rows, const ops::bot_plan& plan, const ops::plan_question& question) {
  const bool spare = plan.nodes.nodes > plan.nodes.carriers;
  rows.push_back(
      {{"  nodes", colour::bold},
       {fmt::format("{}{}: {} for the guilds and shards of each, of {} that it may use",
                    base::count_text(plan.nodes.nodes, "node"),
                    spare ? fmt::format(" ({} {}; the bot outlives the loss of one)", plan.nodes.carriers,
                                        plan.nodes.carriers == 1 ? "suffices" : "suffice")
                          : std::string(),
                    bytes_text(plan.nodes.each.bytes), bytes_text(question.node_memory))}});
  if (plan.events_per_s)
    rows.push_back({{""},
                    {fmt::format("{:.1f} events a second, {:.2f} cores of each node", *plan.events_per_s,
                                 plan.nodes.each.cores)}});
}

void add_requests(table_rows& rows, const ops::bot_plan& plan) {
  const ops::request_plan& requests = plan.requests;
  std::string text = requests.per_second
                         ? fmt::format("{:.1f} requests a second of Discord's {:.0f}", *requests.per_second,
                                       ops::requests_per_second)
                         : fmt::format("Discord's {:.0f} a second are one for each guild in {:.0f} s",
                                       ops::requests_per_second, std::ceil(requests.seconds_per_guild));
  rows.push_back(
      {{"  requests", colour::bold}, {std::move(text), requests.too_many() ? colour::red : colour::none}});
}

void add_identifies(table_rows& rows, const ops::bot_plan& plan) {
  const ops::identify_plan& identifies = plan.identifies;
  rows.push_back(
      {{"  identifies", colour::bold},
       {fmt::format("{} a day, {} kept back", grouped(identifies.total), grouped(identifies.floor))}});
  for (const ops::identify_use& each : identifies.uses)
    rows.push_back({{""},
                    {fmt::format("{}: {}{}", each.what, each.identifies,
                                 each.times ? fmt::format(", {} a day", base::count_text(*each.times, "time"))
                                            : ", as often as you like")}});
  rows.push_back(
      {{""},
       {fmt::format("a crash loop without a brake: the token is reset after {} starts, {}; guildfleet "
                    "stops {} before",
                    identifies.crashes_until_reset, time_text(identifies.time_until_reset),
                    identifies.floor)}});
}

void print_bot(const ops::bot_plan& plan, const ops::plan_question& question, const terminal& to) {
  to.out << painted(to, colour::bold, plan.bot.name) << ": " << grouped(plan.bot.guilds)
         << (plan.bot.guilds == 1 ? " guild\n" : " guilds\n");
  table_rows rows;
  add_shards(rows, plan, question);
  add_start(rows, plan);
  add_nodes(rows, plan, question);
  add_requests(rows, plan);
  add_identifies(rows, plan);
  print_table(to, rows);
  for (const std::string& each : plan.warnings)
    to.out << painted(to, colour::yellow, "  warning: ") << each << '\n';
  to.out << '\n';
}

void print_growth(const ops::fleet_plan& plan, const ops::plan_question& question, const terminal& to) {
  to.out << painted(to, colour::bold, "Growth") << ", " << share_text(question.growth) << " a month\n";
  table_rows rows{{{"  BOT"}, {"MONTH"}, {"GUILDS"}, {"SHARDS"}, {"MEMORY"}, {"COLD START"}}};
  for (const ops::bot_plan& bot : plan.bots) {
    const std::uint32_t step = std::max(1U, question.months / 4);
    for (const ops::growth_point& each : bot.growth) {
      if (each.month % step != 0 && each.month != question.months) continue;
      rows.push_back({{"  " + bot.bot.name},
                      {std::to_string(each.month)},
                      {grouped(each.guilds) + (each.cut ? " (cut)" : "")},
                      {std::to_string(each.shards)},
                      {bytes_text(each.bytes)},
                      {time_text(each.cold_start)}});
    }
  }
  print_table(to, rows);
  to.out << '\n';
}

void print_connections(const ops::fleet_plan& plan, const ops::plan_question& question, const terminal& to) {
  if (!plan.connections) return;
  const ops::connection_plan& of = *plan.connections;
  to.out << painted(to, colour::bold, "Database") << ": "
         << fmt::format("{} of {}, {} in a rollout, of {} that max_connections = {} leaves\n\n",
                        base::count_text(of.usual, "connection"), base::count_text(plan.nodes, "node"),
                        of.in_a_rollout, of.usable, question.max_connections);
}

std::vector<cell> cost_row(const ops::platform_cost& cost) {
  if (!cost.price) return {{"  " + cost.where->name}, {"-"}, {"-"}, {"-"}, {"-"}, {cost.remark}};
  const std::string day = cost.source.as_of ? fmt::format("{:%F}", *cost.source.as_of) : "undated";
  const bool old = cost.age == ops::price_age::old;
  std::string note = cost.where->note;
  if (!cost.source.note.empty()) note += (note.empty() ? "" : "; ") + cost.source.note;
  std::vector<cell> row = {
      {"  " + cost.where->name},
      {fmt::format("{:.2f} {}", *cost.price, cost.source.currency)},
      {std::to_string(cost.count)},
      {cost.plan},
      {day + (old ? " old" : ""), cost.age == ops::price_age::fresh ? colour::none : colour::yellow}};
  if (!note.empty()) row.push_back({std::move(note)});
  return row;
}

void print_costs(const ops::fleet_plan& plan, const terminal& to) {
  to.out << painted(to, colour::bold, "Costs a month")
         << ", without database, traffic and taxes; look at the platform's own page before you decide\n";
  table_rows rows{{{"  PLATFORM"}, {"PRICE"}, {"COUNT"}, {"PLAN"}, {"AS OF"}, {"NOTE"}}};
  for (const ops::platform_cost& each : plan.costs) rows.push_back(cost_row(each));
  print_table(to, rows);
}

}  // namespace

void print_plan(const ops::fleet_plan& plan, const ops::plan_question& question, const terminal& to) {
  for (const ops::bot_plan& each : plan.bots) print_bot(each, question, to);
  if (question.months > 0) print_growth(plan, question, to);
  print_connections(plan, question, to);
  print_costs(plan, to);
  for (const std::string& each : plan.warnings)
    to.out << painted(to, colour::yellow, "warning: ") << each << '\n';
}

}  // namespace guildfleet::cli
