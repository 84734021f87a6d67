#include "cli/rollout_places.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <set>
#include <thread>

#include "fleet/error.hpp"
#include "fleet/reshard_json.hpp"
#include "fleet/reshard_record.hpp"
#include "fleet/rollout_json.hpp"
#include "fleet/rollout_record.hpp"
#include "fleet/rollout_view.hpp"

namespace guildfleet::cli {
namespace {

using namespace std::chrono_literals;

constexpr int most_attempts = 5;

std::unexpected<base::error> refuse(const store::bot_name& bot, std::string what, std::string fix) {
  return base::fail(fleet::fleet_error::rollout_command, fmt::format("bot {}: {}", bot.value, what),
                    std::move(fix));
}

std::map<std::string, std::uint32_t> shards_by_release(const placed_bot& bot) {
  std::map<std::string, std::uint32_t> out;
  for (const std::string& owner : fleet::owners_of(bot.seen, bot.name)) {
    if (!owner.empty()) ++out[owner];
  }
  return out;
}

base::result<shown_rollout> shown(const placed_bot& bot, store::rollout_row row) {
  auto of = fleet::rollout_from_json(row.state);
  if (!of) return std::unexpected(std::move(of).error());
  return shown_rollout{std::move(row), std::move(*of), shards_by_release(bot)};
}

base::wall_time time_of(const placed_bot& bot) {
  return base::wall_time(std::chrono::milliseconds(bot.seen.at_ms));
}

}  // namespace

std::string placed_bot::release() const {
  const fleet::release_rules rules = fleet::rules_of(seen);
  const auto rule = rules.find(name);
  return rule == rules.end() ? std::string() : rule->second.settled;
}

base::result<std::vector<placed_bot>> rollout_places::look() const {
  std::vector<placed_bot> out;
  for (const auto& place : places_) {
    const auto seen = place->survey();
    if (!seen) return std::unexpected(seen.error());
    std::set<store::bot_name> names = fleet::served_bots(*seen);
    for (const store::bot_release& each : seen->releases) names.insert(each.bot);
    for (const store::bot_name& name : names) out.push_back({name, place.get(), *seen});
  }
  return out;
}

base::result<std::vector<placed_bot>> rollout_places::bots(const std::vector<std::string>& wanted) const {
  const auto until = std::chrono::steady_clock::now() + node_appears_within;
  while (true) {
    auto found = look();
    if (!found) return found;
    const auto has = [&](const std::string& name) {
      return std::ranges::any_of(*found, [&](const placed_bot& bot) { return bot.name.value == name; });
    };
    const auto missing = std::ranges::find_if_not(wanted, has);
    const bool complete = wanted.empty() ? !found->empty() : missing == wanted.end();
    if (complete) {
      if (!wanted.empty())
        std::erase_if(*found, [&](const placed_bot& bot) {
          return std::ranges::find(wanted, bot.name.value) == wanted.end();
        });
      return found;
    }
    if (std::chrono::steady_clock::now() >= until) {
      if (wanted.empty()) return found;
      return refuse({*missing}, "no node that runs serves it",
                    "Start one (guildfleet run); guildfleet shards lists those that run.");
    }
    std::this_thread::sleep_for(look_every);
  }
}

base::error goes_on_already(const store::bot_name& bot) {
  return refuse(bot, "it has a rollout that goes on",
                "guildfleet rollout status shows it; abort ends it and moves back.")
      .error();
}

base::result<std::optional<shown_rollout>> newest_rollout(const placed_bot& bot) {
  const auto rows = bot.store->rollouts(bot.name, store::operations_kept);
  if (!rows) return std::unexpected(rows.error());
  const store::rollout_row* newest = fleet::newest_rollout(*rows);
  if (newest == nullptr) return std::nullopt;
  auto out = shown(bot, *newest);
  if (!out) return std::unexpected(std::move(out).error());
  return std::optional(std::move(*out));
}

base::result<std::vector<shown_rollout>> rollouts(const placed_bot& bot, std::uint32_t limit) {
  auto rows = bot.store->rollouts(bot.name, limit);
  if (!rows) return std::unexpected(std::move(rows).error());
  std::vector<shown_rollout> out;
  for (store::rollout_row& row : *rows) {
    if (fleet::is_reshard(row.state)) continue;
    auto one = shown(bot, std::move(row));
    if (!one) return std::unexpected(std::move(one).error());
    out.push_back(std::move(*one));
  }
  return out;
}

base::result<store::rollout_row> start(const placed_bot& bot, const fleet::rollout& plan,
                                       const std::string& who) {
  const std::string text =
      fmt::format("rollout from {} to {}, {}", plan.from, plan.to, fleet::name_of(plan.strategy));
  const fleet::rollout_step step{plan, {{fleet::rollout_event_kind::started, text}}};
  const auto outcome = bot.store->start_rollout(bot.name, fleet::to_json(plan), fleet::events_of(step, who));
  if (!outcome) return std::unexpected(outcome.error());
  if (const auto* row = std::get_if<store::rollout_row>(&*outcome)) return *row;
  if (fleet::is_reshard(std::get<store::already_active>(*outcome).row.state))
    return refuse(bot.name, "its number of shards is being changed", "Wait until that has ended.");
  return std::unexpected(goes_on_already(bot.name));
}

base::result<shown_rollout> command(const placed_bot& bot, fleet::rollout_command what,
                                    const std::string& who) {
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    const auto newest = newest_rollout(bot);
    if (!newest) return std::unexpected(newest.error());
    if (!*newest) return refuse(bot.name, "it never had a rollout", "guildfleet rollout start begins one.");
    const shown_rollout& current = **newest;
    auto step = fleet::obey(current.of, what, who, time_of(bot));
    if (!step) return std::unexpected(std::move(step).error());
    if (!current.row.active) {  // a new rollout, made of the one that has ended
      const auto begun =
          bot.store->start_rollout(bot.name, fleet::to_json(step->next), fleet::events_of(*step, who));
      if (!begun) return std::unexpected(begun.error());
      if (const auto* row = std::get_if<store::rollout_row>(&*begun)) return shown(bot, *row);
      continue;
    }
    auto changed = bot.store->change_rollout(fleet::change_of(current.row, *step, who));
    if (!changed) return std::unexpected(std::move(changed).error());
    if (*changed) return shown(bot, std::move(**changed));
  }
  return refuse(bot.name, "the rollout changes all the time", "Try again.");
}

}  // namespace guildfleet::cli
