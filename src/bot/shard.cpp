#include "bot/shard.hpp"

#include <boost/asio/post.hpp>

namespace guildfleet::bot {

namespace {

std::vector<std::string> exclusive_names(const std::vector<const features::feature_declaration*>& all) {
  std::vector<std::string> names;
  for (const features::feature_declaration* each : all) {
    if (each->exclusive) names.emplace_back(each->name);
  }
  return names;
}

constexpr std::chrono::seconds groups_counted_every{5};
constexpr std::chrono::seconds memory_measured_every{30};  // it is looked at each minute
constexpr std::chrono::seconds idle_after{10};

}  // namespace

std::string_view name_of(shard_problem value) {
  switch (value) {
    case shard_problem::lease:
      return "lease";
    case shard_problem::ledger:
      return "ledger";
    case shard_problem::gateway:
      return "gateway";
    case shard_problem::identify:
      break;
  }
  return "identify";
}

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
      effects_{
          key_,
          parts_.store,
          parts_.store_thread,
          parts_.rest,
          handler_permit_,
          guilds_,
          parts_.clock,
          [this] {
            auto point = machine_ ? machine_->current_resume_point() : std::nullopt;
            return visit_epoch_ != 0 ? visit_session_ : point ? std::move(point->session_id) : std::string();
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
                          [this](discord::guild_id guild) { return serves(guild); },
                          [this] { net::asio::post(parts_.home, [jobs = &parts_.jobs] { jobs->wake(); }); },
                          [this] { roster_.look(); }, parts_.log}),
      roster_(executor, roster_parts{parts_.environment, settings_.bot, parts_.data, parts_.data_threads,
                                     guilds_, parts_.clock, parts_.metrics,
                                     [this](discord::guild_id guild, std::size_t place) {
                                       return acts_here(guild, place);
                                     },
                                     [this] { return is_live(); }, parts_.log}),
      guild_settings_(parts_.settings, roster_),
      moments_(executor, moment_parts{background_, handlers_, parts_.clock,
                                      make_router_metrics(parts_.metrics, settings_.bot.value).failures,
                                      [this](discord::guild_id guild, std::size_t place) {
                                        return is_live() && acts_here(guild, place) &&
                                               !roster_.misses(guild, place);
                                      },
                                      parts_.log}),
      departures_(departure_parts{parts_.environment, settings_.bot, settings_.guild_data_kept, parts_.data,
                                  parts_.data_threads, parts_.home, parts_.jobs, parts_.rest, parts_.clock,
                                  parts_.log}),
      session_live_(executor),
      uses_(parts_.environment, settings_.bot, parts_.data, parts_.data_threads, parts_.log),
      guest_news_(executor),
      tail_news_(executor),
      inherited_free_(executor) {
  answer_permit_->until(fleet::boot_time::max());
  make_features();
}

void shard::make_features() {
  std::vector<std::unique_ptr<features::feature>> instances;
  std::vector<desk_entry> entries;
  for (const features::feature_declaration* declaration : parts_.features) {
    effect_desks_.push_back(std::make_unique<effect_desk>(effects_, std::string(declaration->name)));
    job_links_.push_back(std::make_unique<job_link>(parts_.home, parts_.jobs, parts_.environment,
                                                    settings_.bot, std::string(declaration->name)));
    moment_links_.push_back(std::make_unique<moment_link>(moments_, entries.size()));
    const bool of_fleet = declaration->records == features::record_scope::fleet;
    record_links_.push_back(std::make_unique<record_link>(
        store::record_space{parts_.environment, of_fleet ? store::bot_name{} : settings_.bot,
                            std::string(declaration->name)},
        parts_.data, parts_.data_threads));
    instances.push_back(declaration->make(
        {parts_.facts, settings_.session.shard, parts_.clock, guilds_, parts_.metrics, *effect_desks_.back(),
         guild_settings_, *job_links_.back(), *record_links_.back(), *moment_links_.back(),
         parts_.attachments,
         features::variant_source(parts_.experiments.experiments(), declaration->name, parts_.clock)}));
    if (declaration->keeps_guilds)
      roster_.add(entries.size(), std::string(declaration->name), *instances.back());
    entries.push_back({declaration, instances.back().get()});
  }
  router_ =
      std::make_unique<event_router>(std::move(instances), progress_, handlers_, parts_.clock,
                                     make_router_metrics(parts_.metrics, settings_.bot.value), parts_.log);
  const experiment_counts* experiments = parts_.experiments.empty() ? nullptr : &parts_.experiments;
  router_->count_for(experiments);
  interactions_ = std::make_unique<interaction_desk>(
      executor_, entries, parts_.rest, progress_, handlers_, parts_.clock,
      make_interaction_metrics(parts_.metrics, settings_.bot.value), parts_.log,
      interaction_rules{
          [this](discord::guild_id guild) { return serves(guild); },
          [this](std::string_view feature) { uses_.add(feature); }, experiments,
          [this](discord::guild_id guild) { return leave_alone(guild); }, answer_permit_,
          [this](std::uint64_t sequence) { on_handler_end(sequence); },
          [this](discord::guild_id guild, std::size_t feature) { return make_ready(guild, feature); }});
  // An event waits behind its guild's handler for as long as that takes; the right to act may end meanwhile.
  router_->ask_before_waiting(
      [this] { return !pausing_ && permit_->permits(fleet::boot_now(parts_.clock)); });
  router_->ask_whether_done(
      [this](std::uint64_t sequence) { return inherited_ && inherited_->was_done(sequence); });
  router_->tell_ends([this](std::uint64_t sequence) { on_handler_end(sequence); });
  std::size_t count = 0;
  for (const features::feature_declaration* declaration : parts_.features)
    exclusive_.push_back(declaration->exclusive ? std::optional(count++) : std::nullopt);
  if (claims_.may_ask() || !settings_.only_guilds.empty() || roster_.keeps_any())
    router_->ask_for_rights(this);
}

net::task<> shard::run() {
  const auto self = shared_from_this();
  parts_.leases.want(key_, settings_.wish, settings_.session.intents.bits(), weak_from_this());
  background_.spawn("session ledger", ledger_.run());
  background_.spawn("claims", claims_.run());
  if (roster_.keeps_any()) background_.spawn("what features keep", roster_.run());
  background_.spawn("guilds that were left", find_departures());
  background_.spawn("uses of features", uses_.run());
  background_.spawn("memory", measure_memory());
  if (!parts_.experiments.empty()) background_.spawn("experiments", count_experiment_groups());
  while (!stopping_ && end_ != session_end::fatal) {
    if (!co_await wait_for_lease()) break;
    if (!co_await begin_session()) continue;
    co_await drive();
    if (end_ == session_end::lease_lost || end_ == session_end::from_ledger) co_await settle();
    if (end_ == session_end::given_away) co_await hand_over();
  }
  co_await drain();
}

net::task<bool> shard::wait_for_lease() {
  while (!stopping_ && !gate_.permits(fleet::boot_now(parts_.clock))) {
    if (gate_.epoch() != 0) gauges_.state = shard_state::standby;
    set_held(false);
    if (ahead_) co_await leave_ahead();
    if (std::exchange(prepare_wanted_, false)) {
      co_await connect_ahead();
      continue;
    }
    if (wants_visit()) {
      co_await visit();
      continue;
    }
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
    take_back_from_guest();
    rest_when_idle();
    update_gauges();
  }
  co_await perform_actions();
  parts_.identifies.withdraw(settings_.session.shard);
}

// A bot in few guilds hears little but heartbeats; a thousand of them in a process keep no buffers for that.
void shard::rest_when_idle() {
  const auto last = std::chrono::nanoseconds(gauges_.last_event_ns.load());
  if (now().time_since_epoch() - last > idle_after) inflater_->rest();
}

// The end of the lease too: from then on the shard holds, which /health must show at once.
base::steady_time shard::next_wakeup() const {
  const fleet::boot_time boot_now = fleet::boot_now(parts_.clock);
  base::steady_time due = machine_->next_wakeup();
  if (guests_.guest() && guests_.granted_until() > boot_now)
    due = std::min<base::steady_time>(due, now() + (guests_.granted_until() - boot_now));
  if (!gate_.permits(boot_now)) return due;
  return std::min<base::steady_time>(due, now() + (gate_.deadline() - boot_now));
}

net::task<> shard::finish_handlers() {
  co_await dismiss_guest();
  moments_.hurry();
  handlers_.close();
  net::task_group limit(executor_);
  limit.spawn("drain limit", [](shard& self, net::deadline until) -> net::task<> {
    if (co_await net::sleep_until(until)) self.abandon_handlers();
  }(*this, net::deadline_in(settings_.drain_limit)));
  co_await handlers_.join();
  limit.close();
  limit.cancel();
  co_await limit.join();
  // What no lease let begin comes again.
  router_->drop_waiting();
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
  forget_guilds();
  if (end_ == session_end::from_ledger && owns_session()) (void)co_await ledger_.save();
  handlers_.reopen();
}

// False once another node may have acted on the session since it began here.
bool shard::owns_session() const {
  return session_epoch_ == gate_.epoch() &&
         gate_.state(fleet::boot_now(parts_.clock)) != fleet::lease_state::lost;
}

// Since then; once.
void shard::observe(const base::histogram& into, std::optional<base::steady_time>& since) const {
  if (since) into.observe(std::chrono::duration<double>(now() - *since).count());
  since.reset();
}

void shard::stop() {
  stopping_ = true;
  if (may_go() && !discards_session_)
    leave_in_turn();
  else
    end_session(session_end::stopping);
  lease_changed_.notify();
}

void shard::end_session(session_end why) {
  if (end_ != session_end::none && why != session_end::stopping) return;
  end_ = end_ == session_end::fatal ? end_ : why;
  if (machine_) machine_->stop(!discards_session_, now());
  wake_.notify();
}

void shard::on_lease(std::uint64_t epoch, fleet::boot_time until) {
  if (giving_) return;
  const fleet::after_acquire next = gate_.acquired(epoch, until);
  permit_->until(until);
  if (!gone_) handler_permit_->until(until);
  set_held(true);
  gauges_.epoch = epoch;
  if (ahead_) wake_.notify();
  // What was held for a session that ends comes again with the next one.
  if (end_ != session_end::none) (void)gate_.take_held();
  if (machine_ && !ahead_ && end_ == session_end::none) {
    if (next == fleet::after_acquire::resume_from_ledger) {
      end_session(session_end::from_ledger);
    } else {
      router_->go_on();
      if (next == fleet::after_acquire::replay) replay_held();
    }
  }
  parts_.reports.on_problem(shard_problem::lease, {});
  update_gauges();
  lease_changed_.notify();
}

void shard::set_held(bool held) {
  if (gauges_.held.exchange(held) != held) parts_.reports.on_hold_changed(held);
}

void shard::on_lease_lost() {
  // The ledger and the keeper may both have noticed.
  if (gate_.state(fleet::boot_now(parts_.clock)) == fleet::lease_state::lost) return;
  gate_.lost();
  permit_->revoke();
  handler_permit_->revoke();
  set_held(false);
  parts_.log.warn("another node runs this shard now");
  end_session(session_end::lease_lost);
}

void shard::on_lease_refused(const std::string& why) {
  gauges_.state = shard_state::standby;
  parts_.reports.on_problem(shard_problem::lease, why);
}

void shard::update_gauges() {
  gauges_.guilds = guilds_.guild_count();
  gauges_.unavailable = guilds_.unavailable_count();
  note_wholeness();
  if (!machine_ || ahead_) return;
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

// Guilds come and go one by one, by the thousand at first, so their groups are counted now and then.
net::task<> shard::count_experiment_groups() {
  do {
    const auto guilds = gauges_.held ? guilds_.guild_ids() : std::vector<discord::guild_id>();
    gauges_.experiment_groups.set(parts_.experiments.sizes_of(guilds));
  } while (co_await net::sleep_until(net::deadline_in(groups_counted_every)));
}

// Looks at every guild, so now and then.
net::task<> shard::measure_memory() {
  do {
    gauges_.state_bytes = guilds_.bytes_approx();
    gauges_.queued_bytes = router_->queued_bytes() + gate_.held_bytes();
    gauges_.ledger_bytes = ledger_.bytes_approx() + progress_.bytes_approx();
  } while (co_await net::sleep_until(net::deadline_in(memory_measured_every)));
}

void shard::wake_for_actions() {
  wake_.notify();
}

}  // namespace guildfleet::bot
