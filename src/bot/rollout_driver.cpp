#include "bot/rollout_driver.hpp"

#include "fleet/reshard_json.hpp"
#include "fleet/rollout_json.hpp"
#include "fleet/rollout_record.hpp"
#include "fleet/rollout_view.hpp"

namespace guildfleet::bot {
namespace {

// What was counted before the windows begin, so that their first seconds count.
constexpr std::chrono::seconds before_the_window{15};

// A slope needs points, in a short pause too.
constexpr int samples_a_pause = 24;

bool moves(fleet::rollout_state state) {
  using fleet::rollout_state;
  return state == rollout_state::moving || state == rollout_state::promoting ||
         state == rollout_state::rolling_back;
}

}  // namespace

rollout_driver::rollout_driver(net::asio::any_io_executor executor, rollout_driver_settings settings,
                               rollout_driver_parts parts)
    : settings_(std::move(settings)),
      parts_(std::move(parts)),
      writer_("rollout", parts_.store, parts_.store_thread, parts_.on_change, parts_.log),
      reshards_({settings_.self, parts_.store, parts_.store_thread, parts_.reshards, parts_.on_change,
                 parts_.metrics, parts_.log}),
      news_(std::move(executor)) {}

void rollout_driver::on_picture(const store::fleet_picture& seen) {
  const bool nothing_before = !seen_ || seen_->releases.empty();
  if (seen.releases.empty() && nothing_before && shown_.empty() && !reshards_.has_active()) return;
  seen_ = std::make_shared<const store::fleet_picture>(seen);
  news_.notify();
}

net::task<> rollout_driver::run() {
  while (co_await news_.wait(net::no_deadline())) {
    const auto seen = seen_;
    for (const store::bot_release& each : seen->releases) {
      if (each.rollout)
        co_await tend(seen, each);
      else if (shown_.erase(each.bot) != 0)
        show(each.bot, std::nullopt, 1);
    }
    co_await reshards_.end_missing(seen);
  }
}

net::task<> rollout_driver::tend(std::shared_ptr<const store::fleet_picture> seen, store::bot_release of) {
  if (fleet::is_reshard(of.rollout->state)) {
    co_await reshards_.tend(std::move(seen), std::move(of));
    co_return;
  }
  const auto active = fleet::rollout_from_json(of.rollout->state);
  if (!active) {
    writer_.warn_once(of.bot, active.error().message());
    co_return;
  }
  show(of.bot, active->state, fleet::placement_of(*active).share);
  const store::node_row* own = seen->node(settings_.self);
  co_await write_sample(*active, own != nullptr && own->drains());
  if (!fleet::controls(*seen, of.bot, settings_.self)) co_return;
  const base::wall_time now{std::chrono::milliseconds(seen->at_ms)};
  if (active->state == fleet::rollout_state::starting && !active->after.empty()) {
    co_await wait_for_others(now, std::move(*of.rollout), *active);
    co_return;
  }
  const std::vector<store::release_sample> samples = co_await read_samples(*seen, *active);
  fleet::rollout_step step = fleet::decide(*active, fleet::view_of(*seen, *active, samples), now);
  if (step.next == *active && step.events.empty()) co_return;
  co_await write_step(std::move(*of.rollout), std::move(step));
}

// Bots of other rings; their rollouts may lie in other stores.
net::task<> rollout_driver::wait_for_others(base::wall_time now, store::rollout_row row,
                                            fleet::rollout active) {
  std::vector<std::optional<fleet::rollout_state>> others;
  for (const store::bot_name& bot : active.after) {
    const auto newest = co_await parts_.newest(bot);
    others.push_back(newest && newest->to == active.to ? std::optional(newest->state) : std::nullopt);
  }
  if (auto step = fleet::after_others(active, others, now))
    co_await write_step(std::move(row), std::move(*step));
}

// One that drains says so at once: then it may go without being missed.
net::task<> rollout_driver::write_sample(const fleet::rollout& active, bool draining) {
  const base::steady_time now = parts_.clock.steady_now();
  const auto every = moves(active.state) ? settings_.sample_while_moving
                                         : std::clamp(active.limits.pause / samples_a_pause,
                                                      settings_.sample_while_moving, settings_.sample_every);
  written_sample& last = samples_[active.bot];
  const bool news = last.at == base::steady_time() || last.draining != draining;
  if (!news && now - last.at < every) co_return;
  auto figures = parts_.figures(active.bot);
  if (!figures) co_return;
  figures->draining = draining ? 1 : 0;
  last = {now, draining};
  const auto written = co_await parts_.store_thread.run(
      [store = parts_.store, sample = store::release_sample{active.bot, settings_.self, settings_.release, 0,
                                                            fleet::to_json(*figures)}] {
        return store->write_sample(sample);
      });
  if (!written) writer_.warn_once(active.bot, written.error().message());
}

net::task<std::vector<store::release_sample>> rollout_driver::read_samples(const store::fleet_picture& seen,
                                                                           const fleet::rollout& active) {
  const base::wall_time now{std::chrono::milliseconds(seen.at_ms)};
  const auto window = std::chrono::duration_cast<std::chrono::milliseconds>(now - active.since);
  const std::chrono::milliseconds since =
      std::max(window, std::chrono::milliseconds(0)) + active.limits.pause + before_the_window;
  auto samples = co_await parts_.store_thread.run(
      [store = parts_.store, bot = active.bot, since] { return store->samples(bot, since); });
  if (samples) co_return std::move(*samples);
  writer_.warn_once(active.bot, samples.error().message());
  co_return std::vector<store::release_sample>();
}

net::task<> rollout_driver::write_step(store::rollout_row row, fleet::rollout_step step) {
  if (!co_await writer_.write(row.bot, step.next.to, fleet::change_of(row, step, settings_.self.name)))
    co_return;
  show(row.bot, step.next.state, fleet::placement_of(step.next).share);
}

// One series for each state that lasts, so that an alert can ask for how long one has.
void rollout_driver::show(const store::bot_name& bot, std::optional<fleet::rollout_state> state,
                          double share) {
  using fleet::rollout_state;
  if (state) shown_.insert(bot);
  for (const rollout_state each :
       {rollout_state::starting, rollout_state::moving, rollout_state::observing, rollout_state::paused,
        rollout_state::promoting, rollout_state::rolling_back})
    parts_.metrics
        .gauge_of("guildfleet_fleet_rollout_state", "1 for the state in which the bot's active rollout is",
                  {{"bot", bot.value}, {"state", std::string(fleet::name_of(each))}})
        .set(state == each ? 1 : 0);
  parts_.metrics
      .gauge_of("guildfleet_fleet_rollout_share",
                "Part of the bot's guilds that is to be on the new release; 1 without a rollout",
                {{"bot", bot.value}})
      .set(share);
}

}  // namespace guildfleet::bot
