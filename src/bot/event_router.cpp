#include "bot/event_router.hpp"

#include "discord/gateway/envelope.hpp"
#include "fleet/release_samples.hpp"

namespace guildfleet::bot {

namespace {

constexpr std::size_t of_no_feature = static_cast<std::size_t>(-1);
constexpr std::uint64_t of_no_event = 0;  // the sequence of a lane that begins without one

}  // namespace

router_metrics make_router_metrics(base::metrics& metrics, const std::string& bot) {
  const base::metric_labels labels{{"bot", bot}};
  return {
      metrics.counter_of("guildfleet_bot_events_handled_total", "Events that a feature wanted", labels),
      metrics.counter_of("guildfleet_bot_handler_failures_total",
                         "Feature handlers that failed with an exception", labels),
      metrics.counter_of("guildfleet_bot_queue_overflow_total",
                         "Events given up because too many waited behind a handler of their guild", labels),
      metrics.gauge_of("guildfleet_bot_queued_events", "Events that wait behind a handler of their guild",
                       labels),
      metrics.histogram_of("guildfleet_bot_event_lag_seconds",
                           "Time from a message's own time at Discord until its handlers begin", labels,
                           fleet::duration_histogram::bounds_in_seconds())};
}

event_router::event_router(std::vector<std::unique_ptr<features::feature>> features,
                           fleet::watermark& progress, net::task_group& tasks, const base::clock& clock,
                           router_metrics metrics, base::logger log, router_limits limits)
    : features_(std::move(features)),
      progress_(progress),
      tasks_(tasks),
      clock_(clock),
      metrics_(metrics),
      log_(std::move(log)),
      limits_(limits) {
  for (std::size_t place = 0; place < features_.size(); ++place) {
    const auto& item = features_[place];
    if (item->wants_messages()) {
      message_readers_.push_back(place);
      wanted_[static_cast<std::size_t>(discord::event_type::message_create)] = true;
    }
    for (const discord::event_type type : item->subscriptions())
      wanted_[static_cast<std::size_t>(type)] = true;
  }
}

void event_router::dispatch(discord::event_type type, std::uint64_t sequence, std::string_view data) {
  metrics_.handled.add();
  if (!busy_.empty()) {
    const auto lane = busy_.find(reader_.guild_of(data));
    if (lane != busy_.end()) {
      enqueue(lane->second, type, sequence, data);
      return;
    }
  }
  if (missing_ != nullptr && wait_for_guild(type, sequence, data)) return;
  task_list waiting = begin_handling(type, sequence, data);
  if (waiting.empty()) {
    progress_.finish(sequence);
    return;
  }
  const discord::guild_id guild = reader_.guild_of(data);
  busy_.try_emplace(guild);
  tasks_.spawn("guild events", run_lane(guild, sequence, std::move(waiting)));
}

// The event goes behind the fetching of its guild.
bool event_router::wait_for_guild(discord::event_type type, std::uint64_t sequence, std::string_view data) {
  const discord::guild_id guild = reader_.guild_of(data);
  if (!missing_->misses(guild)) return false;
  enqueue(busy_.try_emplace(guild).first->second, type, sequence, data);
  task_list fetch;
  fetch.push_back({of_no_feature, missing_->bring(guild)});
  tasks_.spawn("guild events", run_lane(guild, of_no_event, std::move(fetch)));
  return true;
}

event_router::task_list event_router::begin_handling(discord::event_type type, std::uint64_t sequence,
                                                     std::string_view data) {
  return type == discord::event_type::message_create ? handle_message(sequence, data)
                                                     : handle_raw(type, sequence, data);
}

event_router::task_list event_router::handle_message(std::uint64_t sequence, std::string_view data) {
  task_list tasks;
  auto message = reader_.read(data);
  if (!message) {
    log_.warn("message could not be read", base::field("sequence", sequence));
    return tasks;
  }
  message->sequence = sequence;
  message->data = data;
  const std::chrono::duration<double> lag = clock_.wall_now() - message->id.created_at();
  metrics_.lag.observe(std::max(lag.count(), 0.0));  // this clock and Discord's may differ
  for (const std::size_t place : message_readers_) {
    if (may_act(message->guild, place))
      guarded(tasks, place, message->guild, [&] { return features_[place]->on_message(*message); });
  }
  return tasks;
}

event_router::task_list event_router::handle_raw(discord::event_type type, std::uint64_t sequence,
                                                 std::string_view data) {
  task_list tasks;
  const features::raw_event event{type, sequence, reader_.guild_of(data), data};
  for (std::size_t place = 0; place < features_.size(); ++place) {
    const auto wanted = features_[place]->subscriptions();
    if (std::ranges::find(wanted, type) == wanted.end() || !may_act(event.guild, place)) continue;
    guarded(tasks, place, event.guild, [&] { return features_[place]->on_event(event); });
  }
  return tasks;
}

template <class Call>
void event_router::guarded(task_list& tasks, std::size_t feature, discord::guild_id guild, Call call) {
  if (experiments_ != nullptr) experiments_->add_event(feature, guild);
  try {
    if (auto waiting = call()) tasks.push_back({feature, std::move(*waiting)});
  } catch (const std::exception& thrown) {
    note_failure(feature, guild, thrown.what());
  }
}

void event_router::enqueue(lane& busy, discord::event_type type, std::uint64_t sequence,
                           std::string_view data) {
  if (busy.waiting.size() >= limits_.max_queued_per_guild ||
      queued_bytes_ + data.size() > limits_.max_queued_bytes) {
    metrics_.overflow.add();
    log_.error("event given up: too many wait behind a handler of this guild",
               base::field("sequence", sequence), base::field("type", discord::name_of(type)));
    progress_.finish(sequence);
    return;
  }
  queued_event item{type, sequence, {}, data.size()};
  item.data.reserve(data.size() + discord::message_padding);
  item.data.assign(data);
  item.data.append(discord::message_padding, '\0');
  queued_bytes_ += data.size();
  busy.waiting.push_back(std::move(item));
  metrics_.queued.add(1);
}

net::task<> event_router::run_lane(discord::guild_id guild, std::uint64_t sequence, task_list tasks) {
  co_await run_event(guild, sequence, std::move(tasks));
  while (!busy_[guild].waiting.empty()) {
    if (may_begin_ && !may_begin_()) {
      busy_[guild].stands = true;
      co_return;
    }
    queued_event next = std::move(busy_[guild].waiting.front());
    busy_[guild].waiting.pop_front();
    queued_bytes_ -= next.size;
    metrics_.queued.add(-1);
    if (was_done_ && was_done_(next.sequence)) {
      progress_.finish(next.sequence);
      continue;
    }
    task_list waiting =
        begin_handling(next.type, next.sequence, std::string_view(next.data).substr(0, next.size));
    co_await run_event(guild, next.sequence, std::move(waiting));
  }
  busy_.erase(guild);
}

net::task<> event_router::run_event(discord::guild_id guild, std::uint64_t sequence, task_list tasks) {
  busy_[guild].running = sequence;
  co_await await_all(guild, std::move(tasks));
  progress_.finish(sequence);
  busy_[guild].running = of_no_event;
  if (on_end_ && sequence != of_no_event) on_end_(sequence);
}

std::vector<fleet::tail_event> event_router::running() const {
  std::vector<fleet::tail_event> out;
  for (const auto& [guild, busy] : busy_) {
    if (busy.running != of_no_event) out.push_back({busy.running, guild});
  }
  return out;
}

void event_router::go_on() {
  for (auto& [guild, busy] : busy_) {
    if (std::exchange(busy.stands, false))
      tasks_.spawn("guild events", run_lane(guild, of_no_event, task_list()));
  }
}

void event_router::drop_waiting() {
  for (auto& [guild, busy] : busy_) {
    metrics_.queued.add(-static_cast<double>(busy.waiting.size()));
    busy.waiting.clear();
  }
  std::erase_if(busy_, [](const auto& each) { return each.second.stands; });
  queued_bytes_ = 0;
}

net::task<> event_router::await_all(discord::guild_id guild, task_list tasks) {
  for (handling& item : tasks) {
    try {
      co_await std::move(item.task);
    } catch (const std::exception& thrown) {
      note_failure(item.feature, guild, thrown.what());
    }
  }
}

void event_router::note_failure(std::size_t feature, discord::guild_id guild, const char* what) {
  metrics_.failures.add();
  if (experiments_ != nullptr) experiments_->add_failure(feature, guild);
  log_.error("feature handler failed", base::field("what", what));
}

}  // namespace guildfleet::bot
