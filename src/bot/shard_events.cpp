// The way of an event: inflate, envelope, session machine, lease gate, guild state, features.
#include "bot/job_effects.hpp"
#include "bot/shard.hpp"

namespace guildfleet::bot {

using discord::event_type;

namespace {

constexpr std::chrono::seconds state_within{5};
constexpr std::chrono::seconds put_back_for{1};

}  // namespace

void shard::on_socket_open() {
  machine_->on_connected(now());
  wake_for_actions();
}

void shard::on_socket_failed(const std::string& reason) {
  parts_.log.warn("gateway cannot be reached; trying again", base::field("reason", reason));
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
  if (!gate_.permits(boot_now) && discord::event_type_of(message.t) == event_type::interaction_create) {
    // It is held like the others: passing its sequence now would make the events before it look seen.
    if (message.s && refused_.insert(*message.s).second)
      interactions_->refuse_for_now(message.d, batch_time_);
  }
  switch (gate_.admit(text, boot_now)) {
    case fleet::event_verdict::act:
      act_on(message);
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

void shard::act_on(const discord::envelope& message) {
  const event_type type = discord::event_type_of(message.t);
  const std::uint64_t sequence = message.s.value_or(0);
  metrics_.count_event(type);
  if (type == event_type::ready) progress_.restart(sequence - 1);
  if (sequence <= progress_.highest()) return;  // a replay of what was received
  apply_to_guilds(type, message);
  ledger_.note_change();
  const bool interaction = type == event_type::interaction_create;
  if (interaction && !refused_.contains(sequence)) {
    interactions_->handle(sequence, message.d, batch_time_, latency());
  } else if (!interaction && router_->wants(type)) {
    router_->dispatch(type, sequence, message.d);
  } else {
    (void)progress_.pass(sequence);
  }
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
    case discord::effect_kind::guild_joined:
      parts_.log.info("bot was added to a guild", base::field("guild", effect->guild));
      break;
    case discord::effect_kind::guild_left:
      parts_.log.info("bot left a guild", base::field("guild", effect->guild));
      background_.spawn("claims of a guild that was left", claims_.leave(effect->guild));
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
  gauges_.guilds.store(guilds_.guild_count(), std::memory_order_relaxed);
  gauges_.unavailable.store(guilds_.unavailable_count(), std::memory_order_relaxed);
}

void shard::replay_held() {
  batch_time_ = now();
  std::vector<std::string> held = gate_.take_held();
  parts_.log.info("lease is back; held events are handled", base::field("events", held.size()));
  for (std::string& text : held) {
    const std::size_t size = text.size();
    text.append(discord::message_padding, '\0');
    if (const auto message = discord::read_envelope(std::string_view(text).substr(0, size))) act_on(*message);
  }
  refused_.clear();
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
  if (fetcher_.misses(guild)) co_await fetcher_.bring(guild);
  co_return true;
}

net::task<jobs::job_outcome> shard::run_job(store::claimed_job job) {
  const auto self = shared_from_this();
  if (!co_await know_guild(job.plan.guild))
    co_return jobs::job_put_back{parts_.clock.wall_now() + put_back_for, "its shard had no state yet"};
  feature_timer due = timer_of(job.plan);
  for (std::size_t i = 0; i < parts_.features.size(); ++i) {
    if (parts_.features[i]->name != due.feature) continue;
    job_effects effects(effects_, job);
    co_return co_await router_->features()[i]->on_job({std::move(due.timer), job.attempt, effects});
  }
  co_return jobs::job_failed{fmt::format("this bot does not have the feature of {}", job.plan.kind), true};
}

}  // namespace guildfleet::bot
