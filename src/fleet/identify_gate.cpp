#include "fleet/identify_gate.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

#include "fleet/error.hpp"

namespace guildfleet::fleet {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

// How long a shard that was told to come back keeps its turn.
constexpr milliseconds patience{2'000};

std::uint32_t count_in_hour(const std::vector<base::steady_time>& times, base::steady_time now) {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(times, [&](base::steady_time at) { return at > now - hours(1); }));
}

}  // namespace

std::uint32_t identify_floor(const session_start_limit& limit, std::uint32_t shard_count,
                             double floor_share) {
  const auto wanted = static_cast<std::uint32_t>(std::ceil(limit.total * std::clamp(floor_share, 0.0, 1.0)));
  const std::uint32_t spare = limit.total > shard_count ? limit.total - shard_count : 0;
  return std::min(wanted, spare);
}

milliseconds pause_before_identify(std::uint32_t last_hour, const identify_settings& settings) {
  if (last_hour < settings.free_per_hour) return milliseconds(0);
  const std::uint32_t doublings = std::min(last_hour - settings.free_per_hour, 16U);
  return std::min(settings.first_pause * (1 << doublings), settings.longest_pause);
}

std::string reason_of(const std::string& bot, discord::shard_id shard, const identify_wait& slowed,
                      base::steady_time now) {
  const auto seconds =
      std::chrono::ceil<std::chrono::seconds>(std::max(slowed.until - now, base::steady_time::duration(0)));
  return slowed.why == identify_wait::cause::process_loop
             ? fmt::format(
                   "bot {}: this node was started {} times within an hour and had to identify each "
                   "time: a restart loop; shard {} goes on in {} s",
                   bot, slowed.last_hour + 1, shard, seconds.count())
             : fmt::format(
                   "bot {}: shard {} identified {} times within an hour: a restart loop; it goes on "
                   "in {} s",
                   bot, shard, slowed.last_hour, seconds.count());
}

identify_permit::identify_permit(identify_permit&& other) noexcept
    : gate_(std::exchange(other.gate_, nullptr)), shard_(other.shard_) {}

identify_permit& identify_permit::operator=(identify_permit&& other) noexcept {
  if (this != &other) {
    if (gate_ != nullptr) gate_->given_back(shard_);
    gate_ = std::exchange(other.gate_, nullptr);
    shard_ = other.shard_;
  }
  return *this;
}

identify_permit::~identify_permit() {
  if (gate_ != nullptr) gate_->given_back(shard_);
}

void identify_permit::use(base::steady_time now) && {
  if (gate_ != nullptr) std::exchange(gate_, nullptr)->used(shard_, now);
}

identify_gate::identify_gate(std::string bot, const identify_settings& settings,
                             const session_start_limit& limit, const store::identify_history& history,
                             base::steady_time now)
    : bot_(std::move(bot)), settings_(settings) {
  update_limit(limit, now);
  learn(history, now);
}

void identify_gate::learn(const store::identify_history& history, base::steady_time now) {
  if (history.budget) learn(*history.budget, now);
  recent_.clear();
  for (const auto& past : history.last_hour) {
    const base::steady_time at = now - past.ago;
    recent_[past.shard].push_back(at);
    bucket_busy_until(past.shard, at + settings_.spacing + settings_.margin);
  }
  for (auto& [shard, times] : recent_) std::ranges::sort(times);
  starts_ = history.starts;
  newest_start_ = now - history.starts.newest_ago;
}

void identify_gate::learn(const store::known_budget& budget, base::steady_time now) {
  limit_.total = budget.said.total;
  limit_.reset_after = budget.said.reset_after;
  limit_.max_concurrency = std::max(budget.said.max_concurrency, 1U);
  limit_.remaining = budget.left();
  resets_at_ = budget.has_reset() ? now + hours(24) : now - budget.age + budget.said.reset_after;
  make_buckets();
}

void identify_gate::update_limit(const session_start_limit& limit, base::steady_time now) {
  limit_ = limit;
  limit_.max_concurrency = std::max(limit.max_concurrency, 1U);
  resets_at_ = now + limit.reset_after;
  make_buckets();
}

void identify_gate::make_buckets() {
  if (buckets_.size() == limit_.max_concurrency) return;
  // Other buckets: what is free in the old ones says nothing about the new ones, so all keep the latest time.
  bucket fresh;
  for (const bucket& old : buckets_) fresh.free_at = std::max(fresh.free_at, old.free_at);
  buckets_.assign(limit_.max_concurrency, fresh);
}

identify_answer identify_gate::request(discord::shard_id shard, base::steady_time now) {
  if (usable(shard, now) == 0) {
    withdraw(shard);
    return refuse(shard, now);
  }
  bucket& queue = bucket_of(shard);
  if (const auto slow = slowed(shard, now)) {
    // Not in the queue meanwhile: it must not keep healthy shards of its bucket waiting.
    queue.waiting.erase(shard);
    return *slow;
  }
  std::erase_if(queue.waiting, [&](const auto& waiter) { return waiter.second < now; });
  if (queue.permit_out) return wait(queue, shard, {.until = now + settings_.margin});
  if (queue.free_at > now) return wait(queue, shard, {.until = queue.free_at});
  if (!queue.waiting.empty() && queue.waiting.begin()->first < shard) {
    return wait(queue, shard, {.until = now + settings_.margin, .why = identify_wait::cause::turn});
  }
  queue.waiting.erase(shard);
  queue.permit_out = true;
  return identify_permit(*this, shard);
}

identify_wait identify_gate::wait(bucket& queue, discord::shard_id shard, identify_wait answer) const {
  queue.waiting[shard] = answer.until + patience;
  return answer;
}

void identify_gate::withdraw(discord::shard_id shard) {
  bucket_of(shard).waiting.erase(shard);
}

void identify_gate::bucket_busy_until(discord::shard_id shard, base::steady_time free_at) {
  bucket& queue = bucket_of(shard);
  queue.free_at = std::max(queue.free_at, free_at);
}

std::uint32_t identify_gate::remaining(base::steady_time now) const {
  return now >= resets_at_ && limit_.reset_after > milliseconds(0) ? limit_.total : limit_.remaining;
}

void identify_gate::used(discord::shard_id shard, base::steady_time now) {
  bucket& queue = bucket_of(shard);
  queue.permit_out = false;
  queue.free_at = std::max(queue.free_at, now + settings_.spacing + settings_.margin);
  begin_day_if_due(now);
  if (limit_.remaining > 0) --limit_.remaining;
  auto& times = recent_[shard];
  std::erase_if(times, [&](base::steady_time at) { return at <= now - hours(1); });
  times.push_back(now);
}

void identify_gate::not_sent(discord::shard_id shard) {
  const auto found = recent_.find(shard);
  if (found == recent_.end() || found->second.empty()) return;
  found->second.pop_back();
  limit_.remaining = std::min(limit_.remaining + 1, limit_.total);
}

void identify_gate::left_is(std::uint32_t left, base::steady_time now) {
  begin_day_if_due(now);
  limit_.remaining = left;
}

void identify_gate::begin_day_if_due(base::steady_time now) {
  if (now < resets_at_ || limit_.reset_after == milliseconds(0)) return;
  limit_.remaining = limit_.total;
  resets_at_ = now + hours(24);
}

void identify_gate::given_back(discord::shard_id shard) {
  bucket_of(shard).permit_out = false;
}

identify_gate::bucket& identify_gate::bucket_of(discord::shard_id shard) {
  return buckets_[shard.index % buckets_.size()];
}

std::optional<identify_wait> identify_gate::slowed(discord::shard_id shard, base::steady_time now) const {
  using cause = identify_wait::cause;
  const auto process_until = newest_start_ + pause_before_identify(starts_.count, settings_);
  if (starts_.count > 0 && process_until > now)
    return identify_wait{.until = process_until, .why = cause::process_loop, .last_hour = starts_.count};
  const auto found = recent_.find(shard);
  if (found == recent_.end() || found->second.empty()) return std::nullopt;
  const std::uint32_t made = count_in_hour(found->second, now);
  const auto until = found->second.back() + pause_before_identify(made, settings_);
  if (until <= now) return std::nullopt;
  return identify_wait{.until = until, .why = cause::shard_loop, .last_hour = made};
}

std::uint32_t identify_gate::floor(std::uint32_t shard_count, base::steady_time now) const {
  return floor_open_until_ > now ? 0 : identify_floor(limit_, shard_count, settings_.floor_share);
}

std::uint32_t identify_gate::usable(discord::shard_id shard, base::steady_time now) const {
  const std::uint32_t left = remaining(now);
  const std::uint32_t kept = floor(shard.count, now);
  return left > kept ? left - kept : 0;
}

identify_refusal identify_gate::refuse(discord::shard_id shard, base::steady_time now) const {
  const auto seconds =
      std::chrono::ceil<std::chrono::seconds>(std::max(resets_at_ - now, base::steady_time::duration(0)));
  return {.error = base::error(
              fleet_error::identify_budget,
              fmt::format("bot {}: shard {}: {} of {} identifies left, {} are kept back", bot_, shard,
                          remaining(now), limit_.total, floor(shard.count, now)),
              fmt::format(
                  "Find out why sessions are started anew so often (crashes, a store that does not outlive "
                  "restarts, a second process with this token); the budget is renewed in {} s. guildfleet "
                  "identifies allow --bot {} --reason TEXT lets it go on below the floor.",
                  seconds.count(), bot_)),
          .until = resets_at_};
}

}  // namespace guildfleet::fleet
