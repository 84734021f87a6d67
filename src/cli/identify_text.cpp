#include "cli/identify_text.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <map>
#include <ostream>
#include <set>
#include <tuple>

#include "cli/data_session.hpp"
#include "cli/status_table.hpp"
#include "fleet/identify_gate.hpp"

namespace guildfleet::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t shards_shown = 20;
constexpr std::size_t permissions_shown = 10;

std::int64_t seconds_of(std::chrono::milliseconds time) {
  return std::chrono::ceil<std::chrono::seconds>(time).count();
}

std::string time_of(std::int64_t ms) {
  return time_text(base::wall_time(std::chrono::milliseconds(ms)));
}

json::object json_of(const store::identify_permission_row& row) {
  return {{"reason", row.reason},
          {"who", row.who},
          {"from", time_of(row.granted_ms)},
          {"until", time_of(row.until_ms)},
          {"revokes", row.until_ms <= row.granted_ms}};
}

json::value budget_json(const shown_identifies& shown) {
  if (!shown.history.budget) return nullptr;
  const store::known_budget& budget = *shown.history.budget;
  json::object out{{"total", budget.said.total},
                   {"remaining", budget.left()},
                   {"floor", shown.floor()},
                   {"max_concurrency", budget.said.max_concurrency},
                   {"discord_said_remaining", budget.said.remaining},
                   {"discord_asked_s_ago", seconds_of(budget.age)},
                   {"used_since", budget.used}};
  out["resets_in_s"] = budget.said.reset_after.count() > 0 && !budget.has_reset()
                           ? json::value(seconds_of(budget.said.reset_after - budget.age))
                           : json::value(nullptr);
  return out;
}

void print_budget(const shown_identifies& shown, const terminal& to) {
  if (!shown.history.budget) {
    to.out << "  no node has asked Discord yet\n";
    return;
  }
  const store::known_budget& budget = *shown.history.budget;
  const bool low = budget.left() <= shown.floor();
  const std::string left = fmt::format("{} of {} left", budget.left(), budget.said.total);
  to.out << "  " << painted(to, low ? colour::red : colour::green, left)
         << fmt::format(", {} kept back; Discord was asked {} ago, {} used since", shown.floor(),
                        duration_text(seconds_of(budget.age)), budget.used);
  if (budget.said.reset_after.count() > 0 && !budget.has_reset())
    to.out << ", renewed in " << duration_text(seconds_of(budget.said.reset_after - budget.age));
  to.out << '\n';
  const auto busy = busy_buckets(shown.history, fleet::identify_settings{}.spacing);
  to.out << fmt::format("  {} buckets, {} of them busy\n", budget.said.max_concurrency, busy.size());
}

void print_uses(const shown_identifies& shown, const terminal& to) {
  const auto uses = uses_of(shown.history);
  to.out << fmt::format("  used: {} in the last hour, {} in a day\n", shown.history.last_hour.size(),
                        shown.history.last_day);
  std::vector<std::vector<cell>> table;
  table.push_back({{"  SHARD", colour::bold}, {"HOUR", colour::bold}, {"DAY", colour::bold}});
  const std::uint32_t free = fleet::identify_settings{}.free_per_hour;
  for (std::size_t i = 0; i < std::min(uses.size(), shards_shown); ++i)
    table.push_back(
        {{fmt::format("  {}", uses[i].shard)},
         {std::to_string(uses[i].last_hour), uses[i].last_hour >= free ? colour::yellow : colour::none},
         {std::to_string(uses[i].last_day)}});
  if (!uses.empty()) print_table(to, table);
  if (uses.size() > shards_shown) to.out << fmt::format("  and {} more shards\n", uses.size() - shards_shown);
}

void print_permissions(const shown_identifies& shown, const terminal& to) {
  if (shown.allowed)
    to.out << "  " << painted(to, colour::yellow, "may pass the floor") << " until "
           << time_of(shown.allowed->until_ms) << " UTC, by " << shown.allowed->who << ": "
           << shown.allowed->reason << '\n';
  for (std::size_t i = 0; i < std::min(shown.permissions.size(), permissions_shown); ++i) {
    const store::identify_permission_row& row = shown.permissions[i];
    const bool revoked = row.until_ms <= row.granted_ms;
    to.out << fmt::format("  {} UTC  {} by {}{}\n", time_of(row.granted_ms),
                          revoked ? "taken back" : "allowed until " + time_of(row.until_ms), row.who,
                          row.reason.empty() ? "" : ": " + row.reason);
  }
}

}  // namespace

std::uint32_t shown_identifies::floor() const {
  if (!history.budget) return 0;
  return fleet::identify_floor({.total = history.budget->said.total}, shard_count, floor_share);
}

std::vector<shard_use> uses_of(const store::identify_history& history) {
  std::map<discord::shard_id, std::uint32_t> in_hour;
  for (const store::identify_record& each : history.last_hour) ++in_hour[each.shard];
  std::vector<shard_use> out;
  out.reserve(history.by_shard.size());
  for (const store::identify_count& each : history.by_shard)
    out.push_back({.shard = each.shard, .last_hour = in_hour[each.shard], .last_day = each.last_day});
  std::ranges::sort(out, [](const shard_use& a, const shard_use& b) {
    return std::tuple(b.last_hour, b.last_day, a.shard) < std::tuple(a.last_hour, a.last_day, b.shard);
  });
  return out;
}

std::vector<std::uint32_t> busy_buckets(const store::identify_history& history,
                                        std::chrono::milliseconds spacing) {
  const std::uint32_t buckets = history.budget ? std::max(history.budget->said.max_concurrency, 1U) : 1;
  std::set<std::uint32_t> busy;
  for (const store::identify_record& each : history.last_hour) {
    if (each.ago < spacing) busy.insert(each.shard.index % buckets);
  }
  return {busy.begin(), busy.end()};
}

json::object identifies_json(const shown_identifies& shown) {
  json::array shards;
  for (const shard_use& each : uses_of(shown.history))
    shards.push_back(json::object{{"shard", {each.shard.index, each.shard.count}},
                                  {"last_hour", each.last_hour},
                                  {"last_day", each.last_day}});
  json::array permissions;
  for (const auto& each : shown.permissions) permissions.push_back(json_of(each));
  json::array busy;
  for (const std::uint32_t each : busy_buckets(shown.history, fleet::identify_settings{}.spacing))
    busy.push_back(each);
  return {{"bot", shown.bot.value},
          {"budget", budget_json(shown)},
          {"last_hour", shown.history.last_hour.size()},
          {"last_day", shown.history.last_day},
          {"busy_buckets", std::move(busy)},
          {"shards", std::move(shards)},
          {"allowed", shown.allowed ? json::value(json_of(*shown.allowed)) : json::value(nullptr)},
          {"permissions", std::move(permissions)}};
}

void print_identifies(const shown_identifies& shown, const terminal& to) {
  to.out << painted(to, colour::bold, shown.bot.value) << '\n';
  print_budget(shown, to);
  print_uses(shown, to);
  print_permissions(shown, to);
}

}  // namespace guildfleet::cli
