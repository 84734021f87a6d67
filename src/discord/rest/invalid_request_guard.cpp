#include "discord/rest/invalid_request_guard.hpp"

#include <algorithm>

namespace guildfleet::discord {
namespace {

using base::steady_time;

std::int64_t number_of(steady_time time, std::chrono::seconds step) {
  return time.time_since_epoch() / step;
}

}  // namespace

void invalid_request_window::add(steady_time when, int count) {
  const std::int64_t number = number_of(when, step);
  if (number < 0) return;  // before this machine's clock began: no window reaches there
  slot& into = slots_[static_cast<std::size_t>(number) % steps];
  if (into.step_number != number) into = {number, 0};
  into.count += count;
}

int invalid_request_window::count(steady_time now) const {
  const std::int64_t number = number_of(now, step);
  int sum = 0;
  for (const slot& one : slots_) {
    if (one.step_number > number - static_cast<std::int64_t>(steps)) sum += one.count;
  }
  return sum;
}

steady_time invalid_request_window::below_at(int limit, steady_time now) const {
  int sum = count(now);
  if (sum < limit) return now;
  const std::int64_t number = number_of(now, step);
  for (std::int64_t oldest = number - static_cast<std::int64_t>(steps) + 1; oldest <= number; ++oldest) {
    const slot& one = slots_[static_cast<std::size_t>(oldest) % steps];
    if (one.step_number != oldest) continue;
    sum -= one.count;
    if (sum < limit) return steady_time(step * (oldest + static_cast<std::int64_t>(steps)));
  }
  return now + step * static_cast<std::int64_t>(steps);
}

void invalid_request_budget::set_bots(int count) {
  bots_ = std::max(count, 1);
  bots_in_all_ = std::max(bots_in_all_, bots_);
}

int invalid_request_budget::share() const {
  return std::min(settings_.total, std::max(settings_.total / bots_in_all_, settings_.smallest_share));
}

void invalid_request_budget::replace(const std::vector<address_ledger::use>& uses, steady_time now) {
  total_ = {};
  windows_.clear();
  bots_in_all_ = std::max(bots_, static_cast<int>(uses.size()));
  for (const address_ledger::use& bot : uses) {
    invalid_request_window& own = windows_[bot.bot];
    for (std::size_t age = 0; age < bot.counts.size(); ++age) {
      if (bot.counts[age] == 0) continue;
      const steady_time when = now - invalid_request_window::step * static_cast<std::int64_t>(age);
      own.add(when, bot.counts[age]);
      total_.add(when, bot.counts[age]);
    }
  }
}

bool invalid_request_budget::add(const std::string& bot, steady_time now) {
  const bool was_blocked = blocked_until(bot, now).has_value();
  total_.add(now);
  windows_[bot].add(now);
  return !was_blocked && blocked_until(bot, now).has_value();
}

std::optional<steady_time> invalid_request_budget::blocked_until(const std::string& bot,
                                                                 steady_time now) const {
  const auto own = windows_.find(bot);
  const steady_time free_own = own == windows_.end() ? now : own->second.below_at(share(), now);
  // Shares together may exceed the total when there are many bots: then everybody stops.
  const steady_time free = std::max(free_own, total_.below_at(settings_.total, now));
  if (free <= now) return std::nullopt;
  return free;
}

int invalid_request_budget::count(const std::string& bot, steady_time now) const {
  const auto own = windows_.find(bot);
  return own == windows_.end() ? 0 : own->second.count(now);
}

void invalid_request_guard::set_bots(int count) {
  const std::scoped_lock lock(mutex_);
  budget_.set_bots(count);
}

void invalid_request_guard::share_with(std::shared_ptr<address_ledger> ledger) {
  const std::scoped_lock lock(mutex_);
  ledger_ = std::move(ledger);
  refreshed_.reset();
}

void invalid_request_guard::refresh(steady_time now) {
  constexpr std::chrono::milliseconds read_every{250};
  if (!ledger_ || (refreshed_ && now < *refreshed_ + read_every)) return;
  refreshed_ = now;
  budget_.replace(ledger_->read(), now);
}

bool invalid_request_guard::add(const std::string& bot, steady_time now) {
  const std::scoped_lock lock(mutex_);
  // A ledger that took no note would make the next reading forget it.
  if (ledger_ && !ledger_->note(bot)) ledger_.reset();
  return budget_.add(bot, now);
}

std::optional<steady_time> invalid_request_guard::blocked_until(const std::string& bot, steady_time now) {
  const std::scoped_lock lock(mutex_);
  refresh(now);
  return budget_.blocked_until(bot, now);
}

int invalid_request_guard::count(const std::string& bot, steady_time now) const {
  const std::scoped_lock lock(mutex_);
  return budget_.count(bot, now);
}

int invalid_request_guard::share() const {
  const std::scoped_lock lock(mutex_);
  return budget_.share();
}

}  // namespace guildfleet::discord
