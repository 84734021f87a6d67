#include "bot/reshard_driver.hpp"

#include <algorithm>

#include "fleet/reshard_json.hpp"
#include "fleet/reshard_record.hpp"
#include "fleet/rollout_view.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::chrono::seconds samples_of{15};

base::wall_time time_of(const store::fleet_picture& seen) {
  return base::wall_time(std::chrono::milliseconds(seen.at_ms));
}

}  // namespace

reshard_driver::reshard_driver(reshard_driver_parts parts)
    : parts_(std::move(parts)),
      writer_("reshard", parts_.store, parts_.store_thread, parts_.on_change, parts_.log) {}

net::task<> reshard_driver::tend(std::shared_ptr<const store::fleet_picture> seen, store::bot_release of) {
  const store::rollout_row row = *of.rollout;
  const auto active = fleet::reshard_from_json(row.state);
  if (!active) {
    writer_.warn_once(of.bot, active.error().message());
    co_return;
  }
  active_[of.bot] = row.id;
  show(of.bot, active->state);
  parts_.words.take_up(of.bot, {row.id, *active, time_of(*seen)});
  co_await write_sample(row.id, *active);
  if (!fleet::controls(*seen, of.bot, parts_.self)) co_return;
  const auto samples = co_await parts_.store_thread.run(
      [store = parts_.store, bot = of.bot] { return store->samples(bot, samples_of); });
  if (!samples) {
    writer_.warn_once(of.bot, samples.error().message());
    co_return;
  }
  const fleet::reshard_step step =
      fleet::decide(*active, fleet::view_of(*seen, *active, row.id, *samples), time_of(*seen));
  if (step.next == *active && step.events.empty()) co_return;
  if (!co_await writer_.write(of.bot, std::to_string(active->to),
                              fleet::change_of(row, step, parts_.self.name)))
    co_return;
  show(of.bot, step.next.state);
  parts_.words.take_up(of.bot, {row.id, step.next, time_of(*seen)});
}

// Who ended it may have been another node, or a person.
net::task<> reshard_driver::end_missing(std::shared_ptr<const store::fleet_picture> seen) {
  const auto known = active_;
  for (const auto& [bot, id] : known) {
    const bool goes_on = std::ranges::any_of(seen->releases, [&](const store::bot_release& each) {
      return each.bot == bot && each.rollout && each.rollout->id == id;
    });
    if (goes_on) continue;
    const auto rows = co_await parts_.store_thread.run(
        [store = parts_.store, bot] { return store->rollouts(bot, store::operations_kept); });
    if (!rows) continue;
    const auto row = std::ranges::find(*rows, id, &store::rollout_row::id);
    if (row != rows->end() && row->active) continue;  // the picture is older
    active_.erase(bot);
    show(bot, std::nullopt);
    if (row == rows->end()) continue;
    if (const auto ended = fleet::reshard_from_json(row->state))
      parts_.words.take_up(bot, {id, *ended, time_of(*seen)});
  }
}

net::task<> reshard_driver::write_sample(std::uint64_t id, fleet::reshard active) {
  const auto figures = parts_.words.figures(active.bot, id, active.state);
  if (!figures) co_return;
  const auto written = co_await parts_.store_thread.run(
      [store = parts_.store,
       sample = store::release_sample{active.bot, parts_.self, std::string(fleet::reshard_sample_release), 0,
                                      fleet::to_json(*figures)}] { return store->write_sample(sample); });
  if (!written) writer_.warn_once(active.bot, written.error().message());
}

// One series for each state that lasts, so that an alert can ask for how long one has.
void reshard_driver::show(const store::bot_name& bot, std::optional<fleet::reshard_state> state) {
  using fleet::reshard_state;
  for (const reshard_state each : {reshard_state::gathering, reshard_state::connecting,
                                   reshard_state::cutting, reshard_state::closing, reshard_state::aborting})
    parts_.metrics
        .gauge_of("guildfleet_fleet_reshard_state",
                  "1 for the state in which the change of the bot's number of shards is",
                  {{"bot", bot.value}, {"state", std::string(fleet::name_of(each))}})
        .set(state == each ? 1 : 0);
}

}  // namespace guildfleet::bot
