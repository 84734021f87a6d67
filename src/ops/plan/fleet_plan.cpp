#include "ops/plan/fleet_plan.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "ops/plan/figure_text.hpp"

namespace guildfleet::ops {
namespace {

constexpr double mib = 1 << 20;
constexpr double furthest_month = 120;

std::uint32_t buckets_of(const plan_question& question, const planned_bot& bot) {
  if (question.max_concurrency) return *question.max_concurrency;
  if (bot.discord) return bot.discord->limit.max_concurrency;
  return usual_max_concurrency(bot.guilds);
}

shard_question shards_of(const plan_question& question, const planned_bot& bot, std::uint64_t guilds) {
  return {.guilds = guilds,
          .headroom = question.headroom,
          .multiple = question.shard_multiple,
          .discord_says = bot.discord ? std::optional(bot.discord->shards) : std::nullopt};
}

double events_of(const plan_question& question, std::uint64_t guilds) {
  return question.events_per_guild.value_or(0) * static_cast<double>(guilds) / 60;
}

node_plan nodes_of(const plan_question& question, const planned_bot& bot, std::uint64_t guilds,
                   std::uint32_t shards) {
  return plan_nodes({.all = {.guilds = static_cast<double>(guilds),
                             .shards = static_cast<double>(shards),
                             .events_per_s = events_of(question, guilds),
                             .zstd = bot.zstd},
                     .node_memory = question.node_memory,
                     .node_cores = question.node_cores,
                     .survives_a_node = question.survives_a_node,
                     .at_least = question.least_nodes,
                     .at_most = question.one_node ? 1U : 0U},
                    question.costs);
}

growth_point point_at(const plan_question& question, const planned_bot& bot, std::uint32_t month) {
  growth_point out{.month = month};
  const double guilds = static_cast<double>(bot.guilds) * std::pow(1 + question.growth, month);
  out.cut = guilds > static_cast<double>(most_planned_guilds);
  out.guilds = out.cut ? most_planned_guilds : static_cast<std::uint64_t>(std::llround(guilds));
  const shard_plan shards = plan_shards(shards_of(question, bot, out.guilds));
  out.shards = shards.recommended;
  out.common_rule = shards.common_rule;
  const node_plan nodes = nodes_of(question, bot, out.guilds, shards.recommended);
  out.bytes = nodes.each.bytes * nodes.carriers;
  planned_bot later = bot;
  later.guilds = out.guilds;
  out.cold_start = plan_start(out.guilds, out.shards, buckets_of(question, later)).expected;
  return out;
}

std::optional<double> months_until(std::uint64_t guilds, std::uint64_t full, double growth) {
  if (full <= guilds) return 0;
  if (growth <= 0) return std::nullopt;
  const double months =
      std::log(static_cast<double>(full) / static_cast<double>(guilds)) / std::log1p(growth);
  return months <= furthest_month ? std::optional(months) : std::nullopt;
}

void warn_of_shards(bot_plan& plan) {
  if (!plan.bot.configured_shards) return;
  const std::uint32_t count = *plan.bot.configured_shards;
  const std::uint64_t fits = guilds_that_fit(count);
  if (count % plan.shards.multiple != 0)
    plan.warnings.push_back(
        fmt::format("bots[].shards is {}, which is no multiple of {}: Discord refuses it (4010)", count,
                    plan.shards.multiple));
  if (fits < plan.bot.guilds)
    plan.warnings.push_back(fmt::format(
        "bots[].shards is {}, which holds {} guilds: shards with more than {} cannot connect (4011)", count,
        grouped(fits), grouped(most_guilds_per_shard)));
  else if (count < plan.shards.recommended)
    plan.warnings.push_back(fmt::format(
        "bots[].shards is {}, which holds {} guilds; guildfleet reshard gives the bot more while it runs",
        count, grouped(fits)));
}

void warn(bot_plan& plan, const plan_question& question) {
  warn_of_shards(plan);
  if (plan.shards.multiple_is_a_guess)
    plan.warnings.push_back(
        fmt::format("from {} guilds on Discord assigns the number of which the shards must be a multiple; {} "
                    "is a guess: ask "
                    "with --live, or say it with --shard-multiple",
                    grouped(guilds_of_a_large_bot), usual_multiple));
  if (!plan.nodes.fits && question.one_node && plan.shards.recommended > 1)
    plan.warnings.push_back(fmt::format(
        "one node would need {} and {:.2f} cores, more than {:.0f} % of what it has, and a bot whose data is "
        "in SQLite runs on one node: give it more memory or cores, or a database (store.database_url) for "
        "several nodes",
        bytes_text(plan.nodes.each.bytes), plan.nodes.each.cores, planned_part * 100));
  else if (!plan.nodes.fits)
    plan.warnings.push_back(fmt::format(
        "a node with one shard needs {} and {:.2f} cores, more than {:.0f} % of a node: give it more "
        "memory or cores",
        bytes_text(plan.nodes.each.bytes), plan.nodes.each.cores, planned_part * 100));
  if (plan.requests.too_many())
    plan.warnings.push_back(
        fmt::format("{:.0f} requests a second are more than Discord's {:.0f}: most of them would wait",
                    *plan.requests.per_second, requests_per_second));
  if (const auto& discord = plan.bot.discord; discord && discord->limit.remaining < plan.shards.recommended)
    plan.warnings.push_back(
        fmt::format("{} of {} identifies are left today, fewer than the {} that a cold start takes",
                    discord->limit.remaining, discord->limit.total, plan.shards.recommended));
  if (question.survives_a_node && plan.shards.recommended == 1 && plan.nodes.nodes > 1)
    plan.warnings.emplace_back(
        "the bot has one shard, which one node runs: the other stands by, and takes over when it is gone");
}

void warn_of_cut(bot_plan& plan) {
  const auto first = std::ranges::find(plan.growth, true, &growth_point::cut);
  if (first == plan.growth.end()) return;
  plan.warnings.push_back(
      fmt::format("the growth is cut at {} guilds, the most that is planned, from month {} on: table and "
                  "picture stay there",
                  grouped(most_planned_guilds), first->month));
}

bot_plan plan_bot(const plan_question& question, const planned_bot& bot) {
  bot_plan out{.bot = bot};
  out.max_concurrency = buckets_of(question, bot);
  out.max_concurrency_is_a_guess = !question.max_concurrency && !bot.discord;
  out.shards = plan_shards(shards_of(question, bot, bot.guilds));
  out.lasts_months = months_until(bot.guilds, out.shards.holds, question.growth);
  out.start = plan_start(bot.guilds, out.shards.recommended, out.max_concurrency);
  out.nodes = nodes_of(question, bot, bot.guilds, out.shards.recommended);
  out.bytes = out.nodes.each.bytes * out.nodes.carriers;
  if (question.events_per_guild) out.events_per_s = events_of(question, bot.guilds);
  out.requests = plan_requests(bot.guilds, question.requests_per_guild);
  fleet::session_start_limit limit{.total = identifies_of_a_day(bot.guilds)};
  if (bot.discord) limit = bot.discord->limit;
  out.identifies = plan_identifies({.shards = out.shards.recommended,
                                    .limit = limit,
                                    .floor_share = bot.identify_floor,
                                    .cold_start = out.start.expected});
  for (std::uint32_t month = 0; month <= question.months; ++month)
    out.growth.push_back(point_at(question, bot, month));
  warn(out, question);
  warn_of_cut(out);
  return out;
}

void plan_database(fleet_plan& out, const plan_question& question) {
  if (!question.uses_database) return;
  out.connections = plan_connections({.nodes = out.nodes,
                                      .per_node = question.connections_per_node,
                                      .listens = question.listens,
                                      .max_connections = question.max_connections});
  if (!out.connections->too_many()) return;
  out.warnings.push_back(fmt::format(
      "{} connections to PostgreSQL in a rollout are more than the {} that max_connections = {} leaves: "
      "put pgbouncer between (pool_mode = transaction; store.listen_url names the server itself), raise "
      "max_connections, or lower store.connections",
      out.connections->in_a_rollout, out.connections->usable, question.max_connections));
}

}  // namespace

fleet_plan plan_fleet(const plan_question& question, const price_list& prices, base::wall_time now) {
  fleet_plan out;
  std::vector<node_group> groups;
  for (const planned_bot& bot : question.bots) {
    out.bots.push_back(plan_bot(question, bot));
    const bot_plan& plan = out.bots.back();
    out.nodes += plan.nodes.nodes;
    // What is rented is not filled to the last byte, and never less than what the node may use.
    const double bytes = std::max(question.node_memory, plan.nodes.each.bytes / planned_part);
    groups.push_back(
        {.nodes = plan.nodes.nodes, .bytes = std::ceil(bytes / mib) * mib, .cores = plan.nodes.each.cores});
  }
  plan_database(out, question);
  out.costs = plan_costs(groups, prices, now);
  return out;
}

}  // namespace guildfleet::ops
