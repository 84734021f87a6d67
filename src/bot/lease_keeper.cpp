#include "bot/lease_keeper.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "net/on_reactor.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::chrono::seconds ask_again_after{2};
constexpr std::chrono::seconds news_within{1};

}  // namespace

lease_keeper::lease_keeper(net::asio::any_io_executor executor, std::shared_ptr<store::store> store,
                           store::store_executor& store_thread, const base::clock& clock,
                           lease_keeper_settings settings, base::logger log)
    : executor_(executor),
      store_(std::move(store)),
      store_thread_(store_thread),
      clock_(clock),
      settings_(std::move(settings)),
      log_(std::move(log)),
      weight_(settings_.about.weight),
      handovers_(executor, settings_.handovers_at_once),
      changed_(executor),
      renewals_(executor),
      news_told_(executor),
      moves_(settings_.moves_per_minute),
      moves_at_(clock.steady_now()) {}

void lease_keeper::tell(const entry& whom, std::function<void(lease_holder&)> word) {
  const auto holder = whom.holder.lock();
  if (!holder) return;
  net::asio::post(holder->executor(), [holder, word = std::move(word)] { word(*holder); });
}

void lease_keeper::want(store::lease_key key, lease_wish wish, std::uint64_t intents,
                        std::weak_ptr<lease_holder> holder) {
  net::asio::post(executor_, [this, key = std::move(key), wish, intents, holder = std::move(holder)] {
    entries_[key] = entry{.holder = holder, .wish = wish, .ask_at = clock_.steady_now()};
    const store::served_shards serves{key.bot, key.shard.count, intents};
    if (wish == lease_wish::share &&
        std::ranges::find(settings_.about.serves, serves) == settings_.about.serves.end())
      settings_.about.serves.push_back(serves);
    look_at_ = clock_.steady_now();
    changed_.notify();
  });
}

net::task<bool> lease_keeper::transfer(store::lease_key key, std::uint64_t epoch, store::node_identity to) {
  return net::on_reactor(executor_, transfer_here(std::move(key), epoch, std::move(to)));
}

net::task<bool> lease_keeper::transfer_here(store::lease_key key, std::uint64_t epoch,
                                            store::node_identity to) {
  const auto given = co_await store_thread_.run([store = store_, key, epoch, to, ttl = settings_.timing.ttl] {
    return store->transfer(key, epoch, to, ttl);
  });
  if (const auto found = entries_.find(key); found != entries_.end()) {
    found->second.given_until = {};
    found->second.answers_from = fleet::boot_now(clock_);
    if (given && *given) found->second.held = false;
  }
  if (!given || !*given) {
    // Whose it is now is told by a renewal.
    renew_at_ = fleet::boot_now(clock_);
    renewals_.notify();
  }
  const store::node_row* there = seen_node(to);
  if (given && *given && there != nullptr && settings_.words.say_look) settings_.words.say_look(*there);
  if (!given)
    log_.warn("a shard could not be handed over", base::field("bot", key.bot.value),
              base::field("shard", key.shard), base::field("reason", given.error().message()));
  co_return given && given->has_value();
}

net::task<> lease_keeper::give_up(store::lease_key key) {
  (void)co_await net::on_reactor(executor_, give_up_here(std::move(key)));
}

net::task<bool> lease_keeper::give_up_here(store::lease_key key) {
  const auto found = entries_.find(key);
  const std::uint64_t epoch = found == entries_.end() || !found->second.held ? 0 : found->second.epoch;
  if (found != entries_.end()) entries_.erase(found);
  if (!stopping_) forget_served(key);
  co_await others_know();
  const auto heir = epoch == 0 ? std::nullopt : heir_by_plan(key);
  if (heir && co_await transfer_here(key, epoch, *heir)) co_return true;
  co_return co_await release(std::move(key));
}

// Before the others know that this node takes no more of them they would give the shard back.
net::task<> lease_keeper::others_know() {
  const net::deadline until = net::deadline_in(news_within);
  while (seen_ && told_ < news_) {
    if (!co_await news_told_.wait(until)) break;
  }
}

std::optional<store::node_identity> lease_keeper::heir_by_plan(const store::lease_key& key) const {
  if (!seen_ || clock_.steady_now() - seen_at_ >= 2 * settings_.look_every) return std::nullopt;
  const fleet::lease_plan plan = fleet::plan_leases(*seen_, settings_.self, {}, UINT32_MAX, rules_);
  const auto gift = std::ranges::find(plan.give, key, &fleet::lease_gift::key);
  return gift == plan.give.end() ? std::nullopt : std::optional(gift->to);
}

net::task<std::optional<store::node_row>> lease_keeper::heir_of(store::lease_key key) {
  return net::on_reactor(executor_, heir_here(std::move(key)));
}

net::task<std::optional<store::node_row>> lease_keeper::heir_here(store::lease_key key) {
  co_await others_know();
  const auto found = entries_.find(key);
  const bool held = found != entries_.end() && found->second.held;
  const auto heir = held ? heir_by_plan(key) : std::nullopt;
  if (!heir) co_return std::nullopt;
  co_return co_await node_here(*heir);
}

net::task<std::optional<store::node_row>> lease_keeper::node_of(store::node_identity node) {
  return net::on_reactor(executor_, node_here(std::move(node)));
}

net::task<std::optional<store::node_row>> lease_keeper::node_here(store::node_identity node) {
  const store::node_row* there = seen_node(node);
  co_return there == nullptr ? std::nullopt : std::optional(*there);
}

// The last shard of a bot that this node gives up, as when the bot has stopped for good: the others are to
// count this node out.
void lease_keeper::forget_served(const store::lease_key& key) {
  const bool more = std::ranges::any_of(entries_, [&](const auto& each) {
    return each.first.bot == key.bot && each.first.shard.count == key.shard.count &&
           each.second.wish == lease_wish::share;
  });
  if (!more && std::erase(settings_.about.serves, store::served_shards{key.bot, key.shard.count}) != 0)
    tell_news();
}

// What this node says of itself has changed; the others shall know soon.
void lease_keeper::tell_news() {
  ++news_;
  look_at_ = clock_.steady_now();
  changed_.notify();
}

net::task<bool> lease_keeper::release(store::lease_key key) {
  auto released = co_await store_thread_.run(
      [store = store_, key] { return store->release(std::span<const store::lease_key>(&key, 1)); });
  if (!released) log_.warn("lease could not be released", base::field("reason", released.error().message()));
  co_return released.has_value();
}

void lease_keeper::drain() {
  net::asio::post(executor_, [this] {
    stopping_ = true;
    settings_.about.draining = true;
    if (seen_) patch_own(*seen_);
    tell_news();
  });
}

// What was seen last tells whose part is whose; this node's own row there is older than what it is now.
void lease_keeper::patch_own(store::fleet_picture& seen) const {
  const auto own = std::ranges::find(seen.nodes, settings_.self, &store::node_row::identity);
  if (own != seen.nodes.end()) own->report = settings_.about;
}

void lease_keeper::prepare(store::lease_key key) {
  net::asio::post(executor_, [this, key = std::move(key)] {
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.held) return;
    tell(found->second, [](lease_holder& holder) { holder.on_prepare(); });
  });
}

void lease_keeper::look_now() {
  net::asio::post(executor_, [this] {
    look_at_ = clock_.steady_now();
    changed_.notify();
  });
}

void lease_keeper::look_at_operations() {
  net::asio::post(executor_, [this] {
    had_company_ = true;
    look_at_ = clock_.steady_now();
    changed_.notify();
  });
}

void lease_keeper::tell_others_to_look() {
  net::asio::post(executor_, [this] {
    look_at_ = clock_.steady_now();
    changed_.notify();
    if (!seen_ || !settings_.words.say_look) return;
    for (const store::node_row& node : seen_->nodes) {
      if (node.identity != settings_.self && !node.report.address.empty()) settings_.words.say_look(node);
    }
  });
}

net::task<> lease_keeper::run() {
  co_await net::asio::this_coro::throw_if_cancelled(false);
  // Renewals wait for nothing else: a lease must not end while the store is slow to answer another question.
  net::task_group renewing(executor_);
  renewing.spawn("lease renewals", renew(*this));
  while (!co_await net::is_cancelled()) {
    co_await look_due();
    co_await acquire_due();
    if (co_await net::is_cancelled()) break;
    (void)co_await changed_.wait(next_due());
  }
  co_await net::asio::this_coro::reset_cancellation_state();
  renewing.close();
  renewing.cancel();
  co_await renewing.join();
  co_await leave();
}

net::task<> lease_keeper::renew(lease_keeper& self) {
  while (!co_await net::is_cancelled()) {
    co_await self.renew_due();
    const bool nothing = self.renew_at_ == fleet::boot_time::max();
    (void)co_await self.renewals_.wait(nothing ? net::no_deadline() : self.steady_at(self.renew_at_));
  }
}

net::task<> lease_keeper::leave() {
  if (!attended_) co_return;
  const auto left = co_await store_thread_.run([store = store_] { return store->leave(); });
  if (!left)
    log_.info("the other nodes wait for this one a while longer",
              base::field("reason", left.error().message()));
}

net::task<> lease_keeper::acquire_due() {
  std::vector<store::lease_key> due;
  for (const auto& [key, item] : entries_) {
    if (item.wish == lease_wish::any && !item.held && item.ask_at <= clock_.steady_now()) due.push_back(key);
  }
  for (const store::lease_key& key : due) {
    const fleet::boot_time asked_at = fleet::boot_now(clock_);
    const auto outcome = co_await store_thread_.run(
        [store = store_, key, ttl = settings_.timing.ttl] { return store->acquire(key, ttl); });
    // Given up while the question was under way: the answer is given back.
    if (!entries_.contains(key) && outcome && std::holds_alternative<store::lease>(*outcome)) {
      (void)co_await release(key);
      continue;
    }
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
    refuse(key, item, outcome.error().message());
  } else if (const auto* other = std::get_if<store::held_by>(&*outcome)) {
    refuse(key, item, fmt::format("node {} holds the lease", other->node));
  } else {
    grant(item, std::get<store::lease>(*outcome).epoch, asked_at);
  }
}

void lease_keeper::grant(entry& item, std::uint64_t epoch, fleet::boot_time asked_at) {
  if (asked_at < item.answers_from) return;
  item.held = true;
  item.epoch = epoch;
  item.refusal.reset();
  if (const fleet::boot_time due = fleet::time_to_renew(asked_at, settings_.timing, 0); due < renew_at_) {
    renew_at_ = due;
    renewals_.notify();
  }
  tell(item, [epoch, until = fleet::own_deadline(asked_at, settings_.timing)](lease_holder& holder) {
    holder.on_lease(epoch, until);
  });
}

void lease_keeper::refuse(const store::lease_key& key, entry& item, const std::string& why) {
  if (item.refusal == why) return;
  item.refusal = why;
  if (!why.empty())
    log_.info("shard waits for its lease", base::field("bot", key.bot.value), base::field("shard", key.shard),
              base::field("reason", why));
  tell(item, [why](lease_holder& holder) { holder.on_lease_refused(why); });
}

void lease_keeper::refuse_all_waiting(const std::string& why) {
  for (auto& [key, item] : entries_) {
    if (item.wish == lease_wish::share && !item.held) refuse(key, item, why);
  }
}

net::task<> lease_keeper::renew_due() {
  if (fleet::boot_now(clock_) < renew_at_) co_return;
  const std::vector<store::lease_key> keys = keys_where(true, std::nullopt);
  if (keys.empty()) {
    renew_at_ = fleet::boot_time::max();
    co_return;
  }
  const fleet::boot_time asked_at = fleet::boot_now(clock_);
  const auto kept = co_await store_thread_.run(
      [store = store_, keys, ttl = settings_.timing.ttl] { return store->renew_all(keys, ttl); });
  if (!kept) {
    ++failures_;
    log_.warn("leases could not be renewed", base::field("reason", kept.error().message()),
              base::field("attempt", failures_));
  } else {
    failures_ = 0;
    apply_renewal(keys, *kept, asked_at);
  }
  renew_at_ = fleet::time_to_renew(asked_at, settings_.timing, failures_);
}

void lease_keeper::apply_renewal(const std::vector<store::lease_key>& asked,
                                 const std::vector<store::lease>& kept, fleet::boot_time asked_at) {
  std::map<store::lease_key, std::uint64_t> epochs;
  for (const store::lease& item : kept) epochs[item.key] = item.epoch;
  for (const store::lease_key& key : asked) {
    const auto found = entries_.find(key);
    // Not there, or handed over, while the question was under way.
    if (found == entries_.end() || !found->second.held) continue;
    const auto epoch = epochs.find(key);
    if (epoch != epochs.end()) {
      grant(found->second, epoch->second, asked_at);
    } else {
      found->second.held = false;
      found->second.ask_at = clock_.steady_now();
      tell(found->second, [](lease_holder& holder) { holder.on_lease_lost(); });
    }
  }
}

std::vector<store::lease_key> lease_keeper::keys_where(bool held, std::optional<lease_wish> wish) const {
  std::vector<store::lease_key> keys;
  for (const auto& [key, item] : entries_) {
    if (item.held == held && (!wish || item.wish == *wish)) keys.push_back(key);
  }
  return keys;
}

base::steady_time lease_keeper::next_due() const {
  base::steady_time due = base::steady_time::max();
  if (shares() || told_ < news_) due = std::min(due, look_at_);
  for (const auto& [key, item] : entries_) {
    if (item.wish == lease_wish::any && !item.held) due = std::min(due, item.ask_at);
  }
  return due;
}

base::steady_time lease_keeper::steady_at(fleet::boot_time time) const {
  return clock_.steady_now() + (time - fleet::boot_now(clock_));
}

}  // namespace guildfleet::bot
