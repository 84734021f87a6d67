#include "cli/reshard_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <ostream>

#include "base/count_text.hpp"
#include "cli/rollout_text.hpp"

namespace guildfleet::cli {
namespace {

namespace json = boost::json;

// Two sessions of a bot must have stood beside each other for a while before they can be compared, and after
// a server went over the account of it lasts a while longer.
constexpr std::chrono::seconds cuts_take{20};

colour colour_of(fleet::reshard_state state) {
  using fleet::reshard_state;
  switch (state) {
    case reshard_state::done:
      return colour::green;
    case reshard_state::aborting:
    case reshard_state::aborted:
      return colour::yellow;
    default:
      return colour::none;
  }
}

std::int64_t ms_of(base::wall_time time) {
  return time.time_since_epoch() / std::chrono::milliseconds(1);
}

std::string home_text(const fleet::reshard_plan& plan) {
  const std::string& name = plan.operation.home.name;
  if (plan.moves == 0) return name + " runs both sets meanwhile";
  return fmt::format(
      "{} runs both sets meanwhile; {} without an identify", name,
      plan.moves == 1 ? "a shard comes to it" : fmt::format("{} shards come to it", plan.moves));
}

}  // namespace

void print_plan(const fleet::reshard_plan& plan, const terminal& to) {
  const fleet::reshard& of = plan.operation;
  to.out << painted(to, colour::bold, fmt::format("{}: {} -> {} shards", of.bot.value, of.from, of.to))
         << '\n';
  print_table(to, {{{"  node"}, {home_text(plan)}},
                   {{"  identifies"},
                    {fmt::format("{}; {} of the day's are left after them, {} are kept back", plan.identifies,
                                 plan.left_after, plan.floor)}},
                   {{"  time"},
                    {fmt::format("about {}: {} for the identifies, then the servers go over",
                                 time_text(plan.identify_time + cuts_take), time_text(plan.identify_time))}},
                   {{"  limit"},
                    {fmt::format("after {} without all new shards it goes back by itself",
                                 time_text(of.limits.connect + plan.identify_time))}},
                   {{"  gap"}, {"a server is quiet for about 0.1 s when it goes over; no event is lost"}},
                   {{"  back"}, {"guildfleet reshard abort, until the first server goes over"}}});
}

json::object plan_json(const fleet::reshard_plan& plan, bool dry_run) {
  const fleet::reshard& of = plan.operation;
  return {{"bot", of.bot.value},
          {"dry_run", dry_run},
          {"from", of.from},
          {"to", of.to},
          {"node", of.home.name},
          {"moves", plan.moves},
          {"identifies", plan.identifies},
          {"identify_time_ms", plan.identify_time.count()},
          {"time_ms", (plan.identify_time + cuts_take).count()},
          {"left_after", plan.left_after},
          {"floor", plan.floor}};
}

std::string progress_text(const shown_reshard& shown) {
  using fleet::reshard_state;
  const fleet::reshard_view& view = shown.view;
  switch (shown.of.state) {
    case reshard_state::gathering:
      return fmt::format("{} of {} shards are on {}", view.old_at_home, shown.of.from, shown.of.home.name);
    case reshard_state::connecting:
      return fmt::format("{} of {} new shards are there", view.fresh_whole, shown.of.to);
    case reshard_state::cutting:
      if (!view.all_heard) return "begins";
      if (view.guilds_left == 0) return "all servers went over; late events are compared";
      return fmt::format("{} left", base::count_text(view.guilds_left, "server"));
    case reshard_state::closing:
      return fmt::format("{} left", base::count_text(view.old_owned, "old shard"));
    case reshard_state::aborting:
      return fmt::format("{} left", base::count_text(view.fresh_owned, "new shard"));
    case reshard_state::done:
    case reshard_state::aborted:
      break;
  }
  return shown.of.reason;
}

void print_reshards(const std::vector<shown_reshard>& all, std::int64_t now_ms, const terminal& to) {
  std::vector<std::vector<cell>> table{{{"BOT", colour::bold},
                                        {"FROM", colour::bold},
                                        {"TO", colour::bold},
                                        {"STATE", colour::bold},
                                        {"FOR", colour::bold},
                                        {"PROGRESS", colour::bold}}};
  for (const shown_reshard& each : all) {
    const std::int64_t age = std::max<std::int64_t>(now_ms - ms_of(each.of.since), 0);
    const std::string progress = progress_text(each);
    table.push_back({{each.of.bot.value},
                     {std::to_string(each.of.from)},
                     {std::to_string(each.of.to)},
                     {std::string(fleet::name_of(each.of.state)), colour_of(each.of.state)},
                     {time_text(std::chrono::milliseconds(age))},
                     {progress.empty() ? "-" : progress}});
  }
  print_table(to, table);
}

json::object reshard_json(const shown_reshard& shown) {
  const fleet::reshard& of = shown.of;
  const bool cuts = shown.of.state == fleet::reshard_state::cutting && shown.view.all_heard;
  return {{"id", shown.row.id},
          {"bot", of.bot.value},
          {"from", of.from},
          {"to", of.to},
          {"node", of.home.name},
          {"state", fleet::name_of(of.state)},
          {"active", shown.row.active},
          {"new_shards_there", shown.row.active ? json::value(shown.view.fresh_whole) : json::value()},
          {"servers_left", cuts ? json::value(shown.view.guilds_left) : json::value()},
          {"since", base::iso8601(of.since)},
          {"started", base::iso8601(of.started_at)},
          {"started_by", of.started_by},
          {"reason", of.reason}};
}

}  // namespace guildfleet::cli
