// The way of an event: inflate, envelope, session machine, lease gate, guild state, features.
#include "bot/job_effects.hpp"
#include "bot/shard.hpp"

namespace guildfleet::bot {

using discord::event_type;

namespace {

constexpr std::chrono::seconds state_within{5};
constexpr std::chrono::seconds put_back_for{1};
constexpr std::chrono::seconds claim_asked_again{10};

}  // namespace

void shard::on_socket_open() {
  parts_.reports.on_problem(shard_problem::gateway, {});
  machine_->on_connected(now());
  wake_for_actions();
}

void shard::on_socket_failed(const std::string& reason) {
  parts_.reports.on_problem(shard_problem::gateway, fmt::format("the gateway cannot be reached: {}", reason));
  machine_->on_connect_failed(now(), reason);
  wake_for_actions();
}

void shard::on_socket_closed(std::uint16_t code, const std::string& reason) {
  metrics_.disconnects.add();
  parts_.log.info("gateway connection ended", base::field("close_code", code), base::field("reason", reason));
  machine_->on_closed(code, reason, now());
  update_gauges();
  wake_for_actions();
}

void shard::on_socket_message(const net::ws_event& message) {
  if (!in_batch_) {
    in_batch_ = true;
    batch_time_ = now();
  }
  auto inflated = inflater_->feed(message.payload);
  if (!inflated) {
    metrics_.malformed.add();
    machine_->on_malformed(inflated.error().message(), batch_time_);
    return;
  }
  if (*inflated) take_message(**inflated);
}

void shard::on_socket_batch_end() {
  in_batch_ = false;
  note_wholeness();
  gauges_.last_event_ns = batch_time_.time_since_epoch().count();
  if (machine_->has_actions()) {
    update_gauges();
    wake_for_actions();
  }
}

void shard::take_message(std::string_view text) {
  const auto message = discord::read_envelope(text);
  if (!message) {
    metrics_.malformed.add();
    machine_->on_malformed(message.error().message(), batch_time_);
    return;
  }
  const auto verdict = machine_->on_message(*message, batch_time_);
  if (verdict == discord::session_machine::verdict::dispatch) {
    admit(*message, text);
  } else if (verdict == discord::session_machine::verdict::malformed) {
    metrics_.malformed.add();
  }
}

void shard::admit(const discord::envelope& message, std::string_view text) {
  const fleet::boot_time boot_now = fleet::boot_now(parts_.clock);
  if (!gate_.permits(boot_now) && !muted_ &&
      discord::event_type_of(message.t) == event_type::interaction_create) {
    // It is held like the others: passing its sequence now would make the events before it look seen.
    if (message.s && refused_.insert(*message.s).second)
      interactions_->refuse_for_now(message.d, batch_time_);
  }
  switch (gate_.admit(text, boot_now)) {
    case fleet::event_verdict::act:
      act_on(message, text);
      break;
    case fleet::event_verdict::held:
      metrics_.held_events.add();
      break;
    case fleet::event_verdict::drop_connection:
      parts_.log.warn("too many events to hold without a lease; the shard resumes later");
      end_session(session_end::from_ledger);
      break;
    case fleet::event_verdict::drop:
      break;
  }
}

void shard::act_on(const discord::envelope& message, std::string_view text) {
  const event_type type = discord::event_type_of(message.t);
  const std::uint64_t sequence = message.s.value_or(0);
  metrics_.count_event(type);
  if (type == event_type::ready) {
    progress_.restart(sequence - 1);
    begin_inherited(session_epoch_, {});
    begin_account({}, sequence);
  }
  if (sequence <= progress_.highest()) return;  // a replay of what was received
  ledger_.note_change();
  const bool was_done = inherited_ && inherited_->was_done(sequence);
  if (!was_done && guests_.guest() && forward(type, message, text)) return;
  apply_to_guilds(type, message);
  if (wants(type) && !take_part(type, message, text)) return;
  const bool interaction = type == event_type::interaction_create;
  const bool wanted = !was_done && (interaction ? !refused_.contains(sequence) : router_->wants(type));
  if (!wanted || !progress_.begin(sequence))
    (void)progress_.pass(sequence);
  else if (interaction && inherited_ && inherited_->runs(sequence))
    kept_interactions_.push_back({sequence, std::string(text)});
  else
    handle(type, message);
}

bool shard::wants(event_type type) const {
  return type == event_type::interaction_create || router_->wants(type);
}

void shard::handle(event_type type, const discord::envelope& message) {
  const std::uint64_t sequence = message.s.value_or(0);
  if (type == event_type::interaction_create)
    interactions_->handle(sequence, message.d, batch_time_, latency(),
                          machine_->state() == discord::session_state::resuming);
  else
    router_->dispatch(type, sequence, message.d);
}

void shard::apply_to_guilds(event_type type, const discord::envelope& message) {
  const auto effect = guilds_.apply(type, message.d);
  if (!effect) {
    metrics_.malformed.add();
    parts_.log.warn("event could not be read", base::field("type", message.t),
                    base::field("reason", effect.error().message()));
    return;
  }
  switch (effect->kind) {
    case discord::effect_kind::none:
      return;
    case discord::effect_kind::guild_became_available:
      claims_.look();
      roster_.look();
      break;
    case discord::effect_kind::guild_joined:
      parts_.log.info("bot was added to a guild", base::field("guild", effect->guild));
      claims_.look();
      roster_.look();
      background_.spawn("guild that was joined", departures_.end(effect->guild));
      break;
    case discord::effect_kind::guild_left:
      roster_.forget(effect->guild);
      parts_.log.info("bot left a guild", base::field("guild", effect->guild));
      background_.spawn("guild that was left", leave_guild(effect->guild));
      break;
    case discord::effect_kind::guild_unavailable:
      parts_.log.info("guild has an outage at Discord", base::field("guild", effect->guild));
      break;
    case discord::effect_kind::unknown_guild:
      fetcher_.begin(effect->guild);
      fetcher_.keep_event(effect->guild, type, message.d);
      return;
    default:
      break;
  }
  if (visit_epoch_ != 0) return;  // they count where the session is
  gauges_.guilds.store(guilds_.guild_count(), std::memory_order_relaxed);
  gauges_.unavailable.store(guilds_.unavailable_count(), std::memory_order_relaxed);
}

void shard::replay_held() {
  batch_time_ = now();
  break_wholeness();  // what was held is late
  std::vector<std::string> held = gate_.take_held();
  parts_.log.info("lease is back; held events are handled", base::field("events", held.size()));
  for (std::string& text : held) {
    const std::string_view whole = discord::pad_message(text);
    if (const auto message = discord::read_envelope(whole)) act_on(*message, whole);
  }
  refused_.clear();
  note_wholeness();
}

std::optional<std::chrono::nanoseconds> shard::latency() const {
  return machine_ ? machine_->latency() : std::nullopt;
}

// The state that a job's handler looks at: jobs are due the moment a lease is there, before what is stored
// was read. False: it was not read in time, or the caller was cancelled.
net::task<bool> shard::know_guild(discord::guild_id guild) {
  const net::deadline until = net::deadline_in(state_within);
  while (!owns_session()) {
    if (!co_await session_begun_.wait(until)) co_return false;
  }
  co_await leave_alone(guild);
  if (fetcher_.misses(guild)) co_await fetcher_.bring(guild);
  co_return true;
}

net::task<jobs::job_outcome> shard::run_job_of(std::size_t feature, features::timer what,
                                               const store::claimed_job& job) {
  const discord::guild_id guild = what.guild;
  parts_.experiments.add_event(feature, guild);
  effect_surroundings with = effects_;
  with.permit = permit_;  // the store gives a job that was cut off to who has the shard
  job_effects effects(with, job);
  try {
    auto outcome = co_await router_->features()[feature]->on_job(
        {std::move(what), job.attempt, effects, job.begun_before});
    if (std::holds_alternative<jobs::job_failed>(outcome)) parts_.experiments.add_failure(feature, guild);
    co_return outcome;
  } catch (const std::exception&) {
    parts_.experiments.add_failure(feature, guild);
    throw;
  }
}

net::task<jobs::job_outcome> shard::run_job(store::claimed_job job) {
  const auto self = shared_from_this();
  if (!co_await know_guild(job.plan.guild))
    co_return jobs::job_put_back{parts_.clock.wall_now() + put_back_for, "its shard had no state yet"};
  feature_timer due = timer_of(job.plan);
  if (due.feature == departures_name) co_return co_await departures_.run(job.plan.guild, permit_);
  for (std::size_t i = 0; i < parts_.features.size(); ++i) {
    if (parts_.features[i]->name != due.feature) continue;
    // A claim that is not known yet, or has moved on, takes the timer along (claim_store::adopt_jobs). What
    // was begun is brought to its end by who began it.
    const bool begun = job.begun_before || job.attempt > 1;
    if (!begun && !job.plan.guild.empty() && !co_await acts_for(job.plan.guild, i))
      co_return jobs::job_again{parts_.clock.wall_now() + claim_asked_again};
    co_await roster_.bring(job.plan.guild);
    if (roster_.misses(job.plan.guild, i) && acts_here(job.plan.guild, i))
      co_return jobs::job_put_back{parts_.clock.wall_now() + put_back_for,
                                   "what its feature keeps of the guild could not be read"};
    co_return co_await run_job_of(i, std::move(due.timer), job);
  }
  co_return jobs::job_failed{fmt::format("this bot does not have the feature of {}", job.plan.kind), true};
}

}  // namespace guildfleet::bot
