#include "cli/rollout_text.hpp"

#include <boost/json/array.hpp>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <ostream>

#include "base/count_text.hpp"
#include "fleet/guild_share.hpp"
#include "fleet/rollout_view.hpp"

namespace guildfleet::cli {
namespace {

namespace json = boost::json;

std::string names_text(const std::vector<store::bot_name>& bots) {
  std::vector<std::string_view> names;
  for (const store::bot_name& each : bots) names.push_back(each.value);
  return fmt::format("{}", fmt::join(names, ", "));
}

struct planned_step {
  double share = 0;
  std::vector<std::uint32_t> shards{};  // that the new release has after it
  std::optional<std::uint32_t> delegating{};
  double delegated_share = 0;
};

std::vector<planned_step> steps_of(const fleet::rollout& plan, std::uint32_t count) {
  std::vector<planned_step> out;
  for (const double share : plan.steps) {
    const fleet::release_places places = fleet::places_at(count, plan.salt, share);
    planned_step step{.share = share};
    for (std::uint32_t i = 0; i < places.whole.size(); ++i) {
      if (places.whole[i]) step.shards.push_back(i);
    }
    if (places.delegating) step.delegating = places.delegating->index;
    step.delegated_share = places.delegated_share;
    out.push_back(std::move(step));
  }
  return out;
}

std::string text_of(const planned_step& step, std::uint32_t count, std::size_t chosen) {
  std::vector<std::string> parts;
  if (step.shards.size() == count) {
    parts.push_back(count == 1 ? "the bot's only shard" : fmt::format("all {} shards", count));
  } else if (!step.shards.empty()) {
    parts.push_back(fmt::format("{} of {} shards", step.shards.size(), count));
  }
  if (step.delegating)
    parts.push_back(
        fmt::format("{} of the guilds of shard {}", fleet::percent(step.delegated_share), *step.delegating));
  if (chosen > 0 && step.shards.size() < count) parts.push_back(base::count_text(chosen, "chosen guild"));
  return fmt::format("{}", fmt::join(parts, " and "));
}

std::chrono::milliseconds whole_time(const fleet::rollout& plan) {
  const std::size_t steps = plan.strategy == fleet::rollout_strategy::blue_green ? 1 : plan.steps.size();
  return plan.limits.pause * static_cast<std::int64_t>(steps);
}

std::uint32_t nodes_with(const store::fleet_picture& seen, const fleet::rollout& plan,
                         const std::string& release) {
  const auto strengths = fleet::strengths_of(seen, plan.bot);
  const auto found = strengths.find(release);
  return found == strengths.end() ? 0 : found->second.nodes;
}

// The last step needs as much strength of the new release as the old one has, by the limit on capacity.
std::string few_text(const fleet::rollout& plan, const store::fleet_picture& seen) {
  const auto strengths = fleet::strengths_of(seen, plan.bot);
  const auto old = strengths.find(plan.from);
  const auto fresh = strengths.find(plan.to);
  if (old == strengths.end() || fresh == strengths.end() || plan.steps.empty()) return "";
  const double needed = plan.limits.capacity * plan.steps.back() * old->second.weight;
  if (fresh->second.weight >= needed) return "";
  return fmt::format("; the last step waits for more: weight {}, and it needs {:.0f}", fresh->second.weight,
                     std::ceil(needed));
}

std::string identifies_text(const fleet::rollout& plan, const store::fleet_picture& seen) {
  const auto count = fleet::identifies_of_a_move(seen, plan.bot, plan.from, plan.to);
  if (!count) return "none where the new release asks for no other intents; told once a node of it runs";
  if (*count == 0) return "0: sessions are resumed";
  return fmt::format("{}: the new release asks for more intents, so every shard identifies anew", *count);
}

colour colour_of(fleet::rollout_state state) {
  using fleet::rollout_state;
  switch (state) {
    case rollout_state::done:
      return colour::green;
    case rollout_state::failed:
    case rollout_state::rolled_back:
    case rollout_state::rolling_back:
      return colour::red;
    case rollout_state::paused:
    case rollout_state::aborted:
      return colour::yellow;
    default:
      return colour::none;
  }
}

std::string state_text(const fleet::rollout& of) {
  std::string name(fleet::name_of(of.state));
  std::ranges::replace(name, '_', ' ');
  return name;
}

std::string iso(std::int64_t at_ms) {
  return base::iso8601(base::wall_time(std::chrono::milliseconds(at_ms)));
}

// Also of one that waits: for what.
std::string reason_text(const fleet::rollout& of) {
  if (!of.reason.empty() || of.state != fleet::rollout_state::starting) return of.reason;
  return "waits for " + (of.after.empty() ? "nodes of " + of.to : names_text(of.after));
}

}  // namespace

std::string shards_text(const shown_rollout& shown) {
  std::vector<std::string> parts;
  for (const auto& [release, count] : shown.shards) parts.push_back(fmt::format("{} on {}", count, release));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string time_text(std::chrono::milliseconds time) {
  const auto seconds = time.count() / 1'000;
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 7'200) return fmt::format("{} min", seconds / 60);
  return fmt::format("{} h {} min", seconds / 3'600, seconds % 3'600 / 60);
}

void print_plan(const fleet::rollout& plan, const store::fleet_picture& seen, const terminal& to) {
  const std::uint32_t count = fleet::shard_count_of(seen, plan.bot);
  to.out << painted(to, colour::bold,
                    fmt::format("{}: {} -> {}, {}", plan.bot.value, plan.from, plan.to,
                                fleet::name_of(plan.strategy)))
         << '\n';
  std::vector<std::vector<cell>> table;
  const std::uint32_t ready = nodes_with(seen, plan, plan.to);
  table.push_back(
      {{"  nodes"},
       {fmt::format("{} of {}, {} of {}{}", nodes_with(seen, plan, plan.from), plan.from, ready, plan.to,
                    ready == 0 ? fmt::format("; it waits up to {} for one", time_text(plan.limits.start))
                               : few_text(plan, seen))}});
  if (!plan.after.empty()) {
    table.push_back({{"  after"}, {names_text(plan.after)}});
  }
  std::size_t number = 0;
  for (const planned_step& step : steps_of(plan, count))
    table.push_back(
        {{fmt::format("  step {}", ++number)},
         {fmt::format("{}: {}", fleet::percent(step.share), text_of(step, count, plan.chosen.size()))}});
  table.push_back({{"  pause"},
                   {fmt::format("{} after each step, {} at most until there is enough to judge by",
                                time_text(plan.limits.pause), time_text(plan.limits.observe))}});
  table.push_back({{"  time"}, {fmt::format("{} and the moves", time_text(whole_time(plan)))}});
  table.push_back({{"  gap"}, {"a shard is quiet for about 0.1 s when it moves; no event is lost"}});
  table.push_back({{"  identifies"}, {identifies_text(plan, seen)}});
  print_table(to, table);
}

json::object plan_json(const fleet::rollout& plan, const store::fleet_picture& seen, bool dry_run) {
  const auto identifies = fleet::identifies_of_a_move(seen, plan.bot, plan.from, plan.to);
  const std::uint32_t count = fleet::shard_count_of(seen, plan.bot);
  json::array steps;
  for (const planned_step& step : steps_of(plan, count)) {
    json::array shards(step.shards.begin(), step.shards.end());
    steps.push_back({{"share", step.share},
                     {"shards", std::move(shards)},
                     {"delegating_shard", step.delegating ? json::value(*step.delegating) : json::value()},
                     {"delegated_share", step.delegated_share}});
  }
  return {{"bot", plan.bot.value},
          {"dry_run", dry_run},
          {"from", plan.from},
          {"to", plan.to},
          {"strategy", fleet::name_of(plan.strategy)},
          {"shards", count},
          {"nodes_from", nodes_with(seen, plan, plan.from)},
          {"nodes_to", nodes_with(seen, plan, plan.to)},
          {"chosen_guilds", plan.chosen.size()},
          {"steps", std::move(steps)},
          {"pause_ms", plan.limits.pause.count()},
          {"time_ms", whole_time(plan).count()},
          {"identifies", identifies ? json::value(*identifies) : json::value()}};
}

void print_rollouts(const std::vector<shown_rollout>& all, std::int64_t now_ms, const terminal& to) {
  std::vector<std::vector<cell>> table{{{"BOT", colour::bold},
                                        {"FROM", colour::bold},
                                        {"TO", colour::bold},
                                        {"STRATEGY", colour::bold},
                                        {"STATE", colour::bold},
                                        {"STEP", colour::bold},
                                        {"SHARDS", colour::bold},
                                        {"FOR", colour::bold},
                                        {"REASON", colour::bold}}};
  for (const shown_rollout& each : all) {
    const fleet::rollout& of = each.of;
    const auto since = of.since.time_since_epoch() / std::chrono::milliseconds(1);
    table.push_back({{of.bot.value},
                     {of.from},
                     {of.to},
                     {std::string(fleet::name_of(of.strategy))},
                     {state_text(of), colour_of(of.state)},
                     {fmt::format("{}/{} ({})", of.step + 1, of.steps.size(),
                                  fleet::percent(fleet::placement_of(of).share))},
                     {each.shards.empty() ? "-" : shards_text(each)},
                     {time_text(std::chrono::milliseconds(std::max<std::int64_t>(now_ms - since, 0)))},
                     {reason_text(of).empty() ? "-" : reason_text(of)}});
  }
  print_table(to, table);
}

json::object rollout_json(const shown_rollout& shown) {
  const fleet::rollout& of = shown.of;
  json::object shards;
  for (const auto& [release, count] : shown.shards) shards.emplace(release, count);
  json::array steps(of.steps.begin(), of.steps.end());
  return {{"id", shown.row.id},
          {"bot", of.bot.value},
          {"from", of.from},
          {"to", of.to},
          {"strategy", fleet::name_of(of.strategy)},
          {"state", fleet::name_of(of.state)},
          {"active", shown.row.active},
          {"step", of.step},
          {"steps", std::move(steps)},
          {"share", fleet::placement_of(of).share},
          {"shards_by_release", std::move(shards)},
          {"since", base::iso8601(of.since)},
          {"started", iso(shown.row.started_ms)},
          {"started_by", of.started_by},
          {"reason", reason_text(of)}};
}

void print_events(const std::vector<store::rollout_event>& newest_first, const terminal& to) {
  std::vector<std::vector<cell>> table;
  for (auto each = newest_first.rbegin(); each != newest_first.rend(); ++each)
    table.push_back({{"  " + iso(each->at_ms)}, {each->who}, {each->text}});
  print_table(to, table);
}

json::array events_json(const std::vector<store::rollout_event>& newest_first) {
  json::array out;
  for (auto each = newest_first.rbegin(); each != newest_first.rend(); ++each)
    out.push_back({{"at", iso(each->at_ms)}, {"who", each->who}, {"kind", each->kind}, {"text", each->text}});
  return out;
}

}  // namespace guildfleet::cli
