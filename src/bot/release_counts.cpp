#include "bot/release_counts.hpp"

#include <numeric>

#include "base/process_memory.hpp"
#include "bot/event_router.hpp"
#include "bot/interaction_desk.hpp"
#include "bot/rest_metrics.hpp"
#include "bot/shard_metrics.hpp"

namespace guildfleet::bot {
namespace {

std::uint64_t whole(const base::counter& from) {
  return static_cast<std::uint64_t>(from.value());
}

using buckets = std::array<std::uint64_t, fleet::duration_histogram::bucket_count>;

buckets buckets_of(const base::histogram& from) {
  buckets out{};
  const std::vector<std::uint64_t> counts = from.counts();
  std::copy_n(counts.begin(), std::min(counts.size(), out.size()), out.begin());
  return out;
}

std::uint64_t total(const base::histogram& from) {
  const std::vector<std::uint64_t> counts = from.counts();
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

}  // namespace

release_counts::release_counts(base::metrics& metrics, const std::string& bot, const base::clock& clock)
    : events_(make_router_metrics(metrics, bot).handled),
      failed_events_(make_router_metrics(metrics, bot).failures),
      interactions_(make_interaction_metrics(metrics, bot).handled),
      unanswered_(make_interaction_metrics(metrics, bot).failed),
      refused_(make_request_counts(metrics, bot).refused),
      broken_(make_request_counts(metrics, bot).broken),
      reconnects_(shard_metrics(metrics, bot).disconnects),
      requests_(make_request_counts(metrics, bot).seconds),
      answer_time_(make_interaction_metrics(metrics, bot).answer_time),
      event_lag_(make_router_metrics(metrics, bot).lag),
      clock_(clock),
      started_(clock.steady_now()),
      counted_until_(started_) {}

fleet::release_figures release_counts::read(shards_now shards) {
  const base::steady_time now = clock_.steady_now();
  fleet::release_figures out;
  // What a bot without interest in messages does is answer commands.
  out.events = whole(events_) + whole(interactions_);
  out.failed_events = whole(failed_events_);
  out.interactions = whole(interactions_);
  out.unanswered = whole(unanswered_);
  out.requests = total(requests_);
  out.refused_requests = whole(refused_);
  out.broken_requests = whole(broken_);
  out.reconnects = whole(reconnects_);
  out.answer_time = buckets_of(answer_time_);
  out.event_lag = buckets_of(event_lag_);
  out.up_ms = static_cast<std::uint64_t>((now - started_) / std::chrono::milliseconds(1));
  out.resident_bytes = base::resident_memory();
  out.visits = shards.visits;
  const std::lock_guard lock(mutex_);
  shard_time_ += (now - counted_until_) * shards.held;
  counted_until_ = now;
  out.shard_ms = static_cast<std::uint64_t>(shard_time_ / std::chrono::milliseconds(1));
  return out;
}

}  // namespace guildfleet::bot
