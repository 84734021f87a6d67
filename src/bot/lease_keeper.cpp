#include "bot/lease_keeper.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

namespace guildfleet::bot {
namespace {

constexpr std::chrono::seconds ask_again_after{2};

}  // namespace

lease_keeper::lease_keeper(net::asio::any_io_executor executor, std::shared_ptr<store::store> store,
                           store::store_executor& store_thread, const base::clock& clock,
                           fleet::lease_timing timing, base::logger log)
    : executor_(executor),
      store_(std::move(store)),
      store_thread_(store_thread),
      clock_(clock),
      timing_(timing),
      log_(std::move(log)),
      changed_(executor) {}

template <class Call>
void lease_keeper::tell(const entry& whom, Call call) const {
  const auto holder = whom.holder.lock();
  if (!holder) return;
  net::asio::post(holder->executor(), [holder, call = std::move(call)] { call(*holder); });
}

void lease_keeper::want(store::lease_key key, std::weak_ptr<lease_holder> holder) {
  net::asio::post(executor_, [this, key = std::move(key), holder = std::move(holder)] {
    entries_[key] = entry{holder, false, clock_.steady_now()};
    changed_.notify();
  });
}

net::task<> lease_keeper::release(store::lease_key key) {
  co_await net::asio::co_spawn(executor_, release_here(std::move(key)), net::asio::use_awaitable);
}

net::task<> lease_keeper::release_here(store::lease_key key) {
  entries_.erase(key);
  auto released = co_await store_thread_.run(
      [store = store_, key] { return store->release(std::span<const store::lease_key>(&key, 1)); });
  if (!released) log_.warn("lease could not be released", base::field("reason", released.error().message()));
}

net::task<> lease_keeper::run() {
  co_await net::asio::this_coro::throw_if_cancelled(false);
  while (true) {
    co_await renew_due();
    co_await acquire_due();
    const auto cancellation = co_await net::asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != net::asio::cancellation_type::none) co_return;
    (void)co_await changed_.wait(next_due());
  }
}

net::task<> lease_keeper::acquire_due() {
  std::vector<store::lease_key> due;
  for (const auto& [key, item] : entries_) {
    if (!item.held && item.ask_at <= clock_.steady_now()) due.push_back(key);
  }
  for (const store::lease_key& key : due) {
    const fleet::boot_time asked_at = fleet::boot_now(clock_);
    const auto outcome = co_await store_thread_.run(
        [store = store_, key, ttl = timing_.ttl] { return store->acquire(key, ttl); });
    apply_acquired(key, outcome, asked_at);
  }
}

void lease_keeper::apply_acquired(const store::lease_key& key,
                                  const base::result<store::acquire_outcome>& outcome,
                                  fleet::boot_time asked_at) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  entry& item = found->second;
  item.ask_at = clock_.steady_now() + ask_again_after;
  if (!outcome) {
    tell(item, [why = outcome.error().message()](lease_holder& holder) { holder.on_lease_refused(why); });
    return;
  }
  if (const auto* other = std::get_if<store::held_by>(&*outcome)) {
    tell(item, [why = fmt::format("node {} holds the lease", other->node)](lease_holder& holder) {
      holder.on_lease_refused(why);
    });
    return;
  }
  item.held = true;
  renew_at_ = std::min(renew_at_, fleet::time_to_renew(asked_at, timing_, 0));
  const std::uint64_t epoch = std::get<store::lease>(*outcome).epoch;
  tell(item, [epoch, until = fleet::own_deadline(asked_at, timing_)](lease_holder& holder) {
    holder.on_lease(epoch, until);
  });
}

net::task<> lease_keeper::renew_due() {
  if (fleet::boot_now(clock_) < renew_at_) co_return;
  const std::vector<store::lease_key> keys = held_keys();
  if (keys.empty()) {
    renew_at_ = fleet::boot_time::max();
    co_return;
  }
  const fleet::boot_time asked_at = fleet::boot_now(clock_);
  const auto kept = co_await store_thread_.run(
      [store = store_, keys, ttl = timing_.ttl] { return store->renew_all(keys, ttl); });
  if (!kept) {
    ++failures_;
    log_.warn("leases could not be renewed", base::field("reason", kept.error().message()),
              base::field("attempt", failures_));
  } else {
    failures_ = 0;
    apply_renewal(keys, *kept, fleet::own_deadline(asked_at, timing_));
  }
  renew_at_ = fleet::time_to_renew(asked_at, timing_, failures_);
}

void lease_keeper::apply_renewal(const std::vector<store::lease_key>& asked,
                                 const std::vector<store::lease>& kept, fleet::boot_time until) {
  std::map<store::lease_key, std::uint64_t> epochs;
  for (const store::lease& item : kept) epochs[item.key] = item.epoch;
  for (const store::lease_key& key : asked) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) continue;
    const auto epoch = epochs.find(key);
    if (epoch != epochs.end()) {
      tell(found->second,
           [epoch = epoch->second, until](lease_holder& holder) { holder.on_lease(epoch, until); });
    } else {
      found->second.held = false;
      found->second.ask_at = clock_.steady_now();
      tell(found->second, [](lease_holder& holder) { holder.on_lease_lost(); });
    }
  }
}

std::vector<store::lease_key> lease_keeper::held_keys() const {
  std::vector<store::lease_key> keys;
  for (const auto& [key, item] : entries_) {
    if (item.held) keys.push_back(key);
  }
  return keys;
}

base::steady_time lease_keeper::next_due() const {
  base::steady_time due = base::steady_time::max();
  if (renew_at_ != fleet::boot_time::max()) due = steady_at(renew_at_);
  for (const auto& [key, item] : entries_) {
    if (!item.held) due = std::min(due, item.ask_at);
  }
  return due;
}

base::steady_time lease_keeper::steady_at(fleet::boot_time time) const {
  return clock_.steady_now() + (time - fleet::boot_now(clock_));
}

}  // namespace guildfleet::bot
