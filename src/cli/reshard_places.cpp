#include "cli/reshard_places.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "fleet/error.hpp"
#include "fleet/reshard_json.hpp"
#include "fleet/reshard_record.hpp"
#include "fleet/rollout_view.hpp"

namespace guildfleet::cli {
namespace {

constexpr int most_attempts = 5;
constexpr std::chrono::seconds samples_of{15};

std::unexpected<base::error> refuse(const store::bot_name& bot, std::string what, std::string fix) {
  return base::fail(fleet::fleet_error::reshard_command, fmt::format("bot {}: {}", bot.value, what),
                    std::move(fix));
}

base::wall_time time_of(const placed_bot& bot) {
  return base::wall_time(std::chrono::milliseconds(bot.seen.at_ms));
}

base::result<shown_reshard> shown(const placed_bot& bot, store::rollout_row row) {
  auto of = fleet::reshard_from_json(row.state);
  if (!of) return std::unexpected(std::move(of).error());
  shown_reshard out{.row = std::move(row), .of = std::move(*of)};
  if (!out.row.active) return out;
  const auto samples = bot.store->samples(bot.name, samples_of);
  if (!samples) return std::unexpected(samples.error());
  out.view = fleet::view_of(bot.seen, out.of, out.row.id, *samples);
  return out;
}

std::string names_of(const std::vector<fleet::reshard_place>& places) {
  std::string names;
  for (const fleet::reshard_place& each : places) names += (names.empty() ? "" : ", ") + each.node.name;
  return names;
}

// The one that is wanted, or the first.
base::result<fleet::reshard_place> home_for(const placed_bot& bot, const std::string& wanted) {
  const std::vector<fleet::reshard_place> places = fleet::reshard_places(bot.seen, bot.name);
  if (places.empty())
    return refuse(bot.name, "no node that runs serves it", "Start one (guildfleet run), then try again.");
  if (wanted.empty()) return places.front();
  const auto found =
      std::ranges::find(places, wanted, [](const fleet::reshard_place& each) { return each.node.name; });
  if (found != places.end()) return *found;
  return refuse(bot.name, fmt::format("node {} cannot run both sets of its shards", wanted),
                fmt::format("Choose one of: {}.", names_of(places)));
}

fleet::session_start_limit limit_of(const store::known_budget& known) {
  const auto left = known.said.reset_after - known.age;
  return {.total = known.said.total,
          .remaining = known.left(),
          .reset_after =
              known.has_reset() ? std::chrono::milliseconds(0) : std::max(left, std::chrono::milliseconds(0)),
          .max_concurrency = known.said.max_concurrency};
}

base::result<void> check_free(const placed_bot& bot) {
  const auto newest = bot.store->newest_rollout(bot.name);
  if (!newest) return std::unexpected(newest.error());
  if (!*newest || !(*newest)->active) return {};
  if (fleet::is_reshard((*newest)->state))
    return refuse(bot.name, "its number of shards is being changed",
                  "guildfleet reshard status shows it; abort ends it as long as no server went over.");
  return refuse(bot.name, "it has a rollout that goes on",
                "guildfleet rollout status shows it; let it end first.");
}

}  // namespace

base::result<std::vector<shown_reshard>> reshards(const placed_bot& bot, std::uint32_t limit) {
  auto rows = bot.store->rollouts(bot.name, store::operations_kept);
  if (!rows) return std::unexpected(std::move(rows).error());
  std::vector<shown_reshard> out;
  for (store::rollout_row& row : *rows) {
    if (!fleet::is_reshard(row.state) || out.size() == limit) continue;
    auto one = shown(bot, std::move(row));
    if (!one) return std::unexpected(std::move(one).error());
    out.push_back(std::move(*one));
  }
  return out;
}

base::result<std::optional<shown_reshard>> newest_reshard(const placed_bot& bot) {
  auto all = reshards(bot, 1);
  if (!all) return std::unexpected(std::move(all).error());
  return all->empty() ? std::nullopt : std::optional(std::move(all->front()));
}

base::result<fleet::reshard_plan> plan(const placed_bot& bot, const reshard_wanted& wanted) {
  if (auto free = check_free(bot); !free) return std::unexpected(std::move(free).error());
  const auto home = home_for(bot, wanted.node);
  if (!home) return std::unexpected(home.error());
  const auto history = bot.store->identifies(bot.name);
  if (!history) return std::unexpected(history.error());
  if (!history->budget)
    return refuse(bot.name, "no node has asked Discord yet how many identifies are left",
                  "Wait until its node has reached Discord, then try again.");
  const auto allowed = bot.store->identify_permission(bot.name);
  if (!allowed) return std::unexpected(allowed.error());
  fleet::identify_settings identifies;
  identifies.floor_share = *allowed ? 0 : wanted.floor_share;
  auto out = fleet::plan_reshard({.bot = bot.name,
                                  .from = fleet::shard_count_of(bot.seen, bot.name),
                                  .to = wanted.to,
                                  .home = home->node,
                                  .started_by = wanted.who},
                                 limit_of(*history->budget), identifies, time_of(bot));
  if (out) out->moves = out->operation.from - std::min(home->shards, out->operation.from);
  return out;
}

base::result<store::rollout_row> start(const placed_bot& bot, const fleet::reshard_plan& plan,
                                       const std::string& who) {
  const fleet::reshard_step step{plan.operation, {fleet::started_event(plan)}};
  const auto outcome =
      bot.store->start_rollout(bot.name, fleet::to_json(plan.operation), fleet::events_of(step, who));
  if (!outcome) return std::unexpected(outcome.error());
  if (const auto* row = std::get_if<store::rollout_row>(&*outcome)) return *row;
  return refuse(bot.name, "another operation began just now", "Look at it, and try again once it has ended.");
}

base::result<shown_reshard> abort(const placed_bot& bot, const std::string& who) {
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    const auto newest = newest_reshard(bot);
    if (!newest) return std::unexpected(newest.error());
    if (!*newest)
      return refuse(bot.name, "its number of shards was never changed", "guildfleet reshard start does it.");
    const shown_reshard& current = **newest;
    const auto step = fleet::abort(current.of, who, time_of(bot));
    if (!step) return std::unexpected(step.error());
    auto changed = bot.store->change_rollout(fleet::change_of(current.row, *step, who));
    if (!changed) return std::unexpected(std::move(changed).error());
    if (*changed) return shown(bot, std::move(**changed));
  }
  return refuse(bot.name, "the operation changes all the time", "Try again.");
}

}  // namespace guildfleet::cli
