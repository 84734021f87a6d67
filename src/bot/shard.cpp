#include "bot/shard.hpp"

namespace guildfleet::bot {

namespace {

std::vector<std::string> exclusive_names(const std::vector<const features::feature_declaration*>& all) {
  std::vector<std::string> names;
  for (const features::feature_declaration* each : all) {
    if (each->exclusive) names.emplace_back(each->name);
  }
  return names;
}

}  // namespace

shard::shard(net::asio::any_io_executor executor, shard_settings settings, shard_parts parts)
    : executor_(executor),
      settings_(std::move(settings)),
      parts_(std::move(parts)),
      key_{settings_.bot, settings_.session.shard},
      random_(base::random_source::from_system()),
      gauges_(settings_.session.shard),
      metrics_(parts_.metrics, settings_.bot.value),
      background_(executor),
      handlers_(executor),
      wake_(executor),
      lease_changed_(executor),
      session_begun_(executor),
      ledger_(
          executor, {key_, settings_.session.intents.bits(), settings_.session.token.fingerprint()},
          parts_.store, parts_.store_thread, guilds_, progress_,
          [this]() -> std::optional<ledger_moment> {
            if (!owns_session()) return std::nullopt;
            auto point = machine_ ? machine_->current_resume_point() : std::nullopt;
            if (!point) return std::nullopt;
            return ledger_moment{std::move(*point), session_epoch_};
          },
          [this] { on_lease_lost(); }, metrics_.ledger_failures, parts_.log),
      socket_(*this, background_, settings_.tls),
      inflater_(discord::make_inflater(settings_.session.transport)),
      effects_{key_,
               parts_.store,
               parts_.store_thread,
               parts_.rest,
               permit_,
               guilds_,
               parts_.clock,
               [this] {
                 auto point = machine_ ? machine_->current_resume_point() : std::nullopt;
                 return point ? std::move(point->session_id) : std::string();
               },
               make_effect_metrics(parts_.metrics, settings_.bot.value),
               parts_.log},
      fetcher_(executor, background_, guilds_, effects_,
               make_fetch_metrics(parts_.metrics, settings_.bot.value),
               [this] {
                 ledger_.note_change();
                 update_gauges();
               }),
      claims_(executor, settings_.claims, exclusive_names(parts_.features),
              claim_parts{parts_.clock, parts_.metrics, parts_.data, parts_.data_threads, guilds_,
                          [this](discord::guild_id guild) { return serves(guild); }, parts_.log}),
      uses_(parts_.environment, settings_.bot, parts_.data, parts_.data_threads, parts_.log) {
  make_features();
}

void shard::make_features() {
  std::vector<std::unique_ptr<features::feature>> instances;
  std::vector<desk_entry> entries;
  for (const features::feature_declaration* declaration : parts_.features) {
    effect_desks_.push_back(std::make_unique<effect_desk>(effects_, std::string(declaration->name)));
    job_links_.push_back(std::make_unique<job_link>(parts_.home, parts_.jobs, parts_.environment,
                                                    settings_.bot, std::string(declaration->name)));
    instances.push_back(
        declaration->make({parts_.facts, settings_.session.shard, parts_.clock, guilds_, parts_.metrics,
                           *effect_desks_.back(), parts_.settings, *job_links_.back()}));
    entries.push_back({declaration, instances.back().get()});
  }
  router_ =
      std::make_unique<event_router>(std::move(instances), progress_, handlers_,
                                     make_router_metrics(parts_.metrics, settings_.bot.value), parts_.log);
  interactions_ = std::make_unique<interaction_desk>(
      executor_, entries, parts_.rest, progress_, handlers_, parts_.clock,
      make_interaction_metrics(parts_.metrics, settings_.bot.value), parts_.log,
      interaction_rules{[this](discord::guild_id guild) { return serves(guild); },
                        [this](std::string_view feature) { uses_.add(feature); }});
  std::size_t count = 0;
  for (const features::feature_declaration* declaration : parts_.features)
    exclusive_.push_back(declaration->exclusive ? std::optional(count++) : std::nullopt);
  if (claims_.asks() || !settings_.only_guilds.empty()) router_->ask_for_rights(this);
}

bool shard::misses(discord::guild_id guild) const {
  return (may_fetch_ && fetcher_.misses(guild)) || (serves(guild) && !claims_.knows(guild));
}

net::task<> shard::bring(discord::guild_id guild) {
  if (may_fetch_ && fetcher_.misses(guild)) co_await fetcher_.bring(guild);
  if (serves(guild)) co_await claims_.bring(guild);
}

bool shard::may_act(discord::guild_id guild, std::size_t feature) const {
  return serves(guild) && (!exclusive_[feature] || claims_.owns(guild, *exclusive_[feature]));
}

net::task<> shard::run() {
  const auto self = shared_from_this();
  parts_.leases.want(key_, weak_from_this());
  background_.spawn("session ledger", ledger_.run());
  background_.spawn("claims", claims_.run());
  background_.spawn("uses of features", uses_.run());
  while (!stopping_ && end_ != session_end::fatal) {
    if (!co_await wait_for_lease()) break;
    if (!co_await begin_session()) continue;
    co_await drive();
    if (end_ == session_end::lease_lost || end_ == session_end::from_ledger) co_await settle();
  }
  co_await drain();
}

net::task<bool> shard::wait_for_lease() {
  while (!stopping_ && !gate_.permits(fleet::boot_now(parts_.clock))) {
    if (gate_.epoch() != 0) gauges_.state = shard_state::standby;
    set_held(false);
    (void)co_await lease_changed_.wait(net::no_deadline());
  }
  co_return !stopping_;
}

net::task<> shard::drive() {
  while (true) {
    co_await perform_actions();
    if (end_ != session_end::none) break;
    (void)co_await wake_.wait(next_wakeup());
    machine_->on_tick(now());
    update_gauges();
  }
  co_await perform_actions();
  parts_.identifies.withdraw(settings_.session.shard);
}

// The end of the lease too: from then on the shard holds, which /health must show at once.
base::steady_time shard::next_wakeup() const {
  const fleet::boot_time boot_now = fleet::boot_now(parts_.clock);
  const base::steady_time due = machine_->next_wakeup();
  if (!gate_.permits(boot_now)) return due;
  return std::min<base::steady_time>(due, now() + (gate_.deadline() - boot_now));
}

net::task<> shard::finish_handlers() {
  handlers_.close();
  net::task_group limit(executor_);
  limit.spawn("drain limit", [](shard& self, net::deadline until) -> net::task<> {
    if (co_await net::sleep_until(until)) self.abandon_handlers();
  }(*this, net::deadline_in(settings_.drain_limit)));
  co_await handlers_.join();
  limit.close();
  limit.cancel();
  co_await limit.join();
}

void shard::abandon_handlers() {
  parts_.log.warn("handlers are cut off; their events come again", base::field("handlers", handlers_.size()));
  progress_.freeze();
  router_->drop_waiting();
  handlers_.cancel();
}

// Before the same events are replayed to this very shard: nothing of the first time may still run.
net::task<> shard::settle() {
  co_await finish_handlers();
  if (end_ == session_end::from_ledger && owns_session()) (void)co_await ledger_.save();
  handlers_.reopen();
}

// False once another node may have acted on the session since it began here.
bool shard::owns_session() const {
  return session_epoch_ == gate_.epoch() &&
         gate_.state(fleet::boot_now(parts_.clock)) != fleet::lease_state::lost;
}

net::task<> shard::drain() {
  co_await net::asio::this_coro::reset_cancellation_state();
  co_await finish_handlers();
  if (gate_.permits(fleet::boot_now(parts_.clock))) (void)co_await ledger_.save();
  background_.close();
  background_.cancel();
  co_await background_.join();
  co_await uses_.flush();
  permit_->revoke();
  co_await parts_.leases.release(key_);
  gate_.lost();
  set_held(false);
  gauges_.state = shard_state::stopped;
}

void shard::stop() {
  stopping_ = true;
  end_session(session_end::stopping);
  lease_changed_.notify();
}

void shard::end_session(session_end why) {
  if (end_ != session_end::none && why != session_end::stopping) return;
  end_ = end_ == session_end::fatal ? end_ : why;
  if (machine_) machine_->stop(true, now());
  wake_.notify();
}

void shard::on_lease(std::uint64_t epoch, fleet::boot_time until) {
  const fleet::after_acquire next = gate_.acquired(epoch, until);
  permit_->until(until);
  set_held(true);
  gauges_.epoch = epoch;
  if (machine_ && end_ == session_end::none) {
    if (next == fleet::after_acquire::replay) replay_held();
    if (next == fleet::after_acquire::resume_from_ledger) end_session(session_end::from_ledger);
  }
  parts_.reports.on_problem({});
  update_gauges();
  lease_changed_.notify();
}

void shard::set_held(bool held) {
  if (gauges_.held.exchange(held) != held) parts_.reports.on_hold_changed(held);
}

void shard::on_lease_lost() {
  gate_.lost();
  permit_->revoke();
  set_held(false);
  parts_.log.warn("another node runs this shard now");
  end_session(session_end::lease_lost);
}

void shard::on_lease_refused(const std::string& why) {
  gauges_.state = shard_state::standby;
  parts_.reports.on_problem(why);
}

void shard::update_gauges() {
  gauges_.guilds = guilds_.guild_count();
  gauges_.unavailable = guilds_.unavailable_count();
  if (!machine_) return;
  if (const auto measured = machine_->latency(); measured && measured != measured_latency_) {
    measured_latency_ = measured;
    metrics_.heartbeat_seconds.observe(std::chrono::duration<double>(*measured).count());
    gauges_.latency_us = std::chrono::duration_cast<std::chrono::microseconds>(*measured).count();
  }
  const discord::session_state state = machine_->state();
  if (state == discord::session_state::live) {
    const bool may_act = gate_.permits(fleet::boot_now(parts_.clock));
    gauges_.state = may_act ? shard_state::connected : shard_state::holding;
    gauges_.connected_ns = now().time_since_epoch().count();
  } else if (state == discord::session_state::awaiting_grant) {
    gauges_.state = shard_state::queued;
  } else if (state == discord::session_state::failed) {
    gauges_.state = shard_state::stopped;
  } else {
    gauges_.state = shard_state::connecting;
  }
}

void shard::wake_for_actions() {
  wake_.notify();
}

}  // namespace guildfleet::bot
