// The part of lease_keeper that looks at the other nodes: what it takes, and what it gives them.
#include <algorithm>

#include "bot/lease_keeper.hpp"
#include "fleet/rollout_view.hpp"

namespace guildfleet::bot {

net::task<> lease_keeper::look_due() {
  if ((!shares() && told_ >= news_) || clock_.steady_now() < look_at_) co_return;
  // Who has gone may have begun something, as a person at the command line does: once more then.
  const bool company = store_->has_company();
  const bool had_company = std::exchange(had_company_, company);
  if (company || had_company || has_operation()) {
    look_at_ = clock_.steady_now() + settings_.look_every;
    co_await look_at_others();
    co_return;
  }
  seen_.reset();
  told_ = news_;
  news_told_.notify();
  if (!settings_.about.draining) co_await take(keys_where(false, lease_wish::share));
  const bool all = keys_where(false, lease_wish::share).empty();
  look_at_ = clock_.steady_now() + (all ? settings_.look_alone : settings_.look_every);
}

net::task<> lease_keeper::look_at_others() {
  const std::uint64_t news = news_;
  const base::steady_time asked_at = clock_.steady_now();
  auto seen = co_await store_thread_.run([store = store_, about = settings_.about,
                                          ttl = settings_.timing.ttl] { return store->attend(about, ttl); });
  if (!seen) {
    refuse_all_waiting(seen.error().message());
    co_return;
  }
  if (!attended_ || asked_at - seen_at_ > settings_.timing.ttl) back_since_ = asked_at;
  attended_ = true;
  seen_at_ = asked_at;
  told_ = std::max(told_, news);
  news_told_.notify();
  follow_wish(*seen);
  patch_own(*seen);
  seen_ = std::move(*seen);
  refill_moves();
  const std::vector<store::lease_key> held = keys_where(true, std::nullopt);
  const std::uint32_t moves = drained_ ? UINT32_MAX : static_cast<std::uint32_t>(moves_);
  rules_ = fleet::rules_of(*seen_);
  const fleet::lease_plan plan =
      fleet::plan_leases(with_grace(*seen_), settings_.self, {held.begin(), held.end()}, moves, rules_);
  co_await confirm(plan.mine);
  co_await take(plan.take);
  ask_to_give(plan.give);
  tell_delegations();
  if (settings_.on_look) settings_.on_look(*seen_, rules_);
  refuse_all_waiting({});
  tell_why_waiting();
  co_await ask_namesake();
}

// After the store was away, or this node was, the leases of all nodes may have ended at once. Who is back
// first leaves the others a moment to come for their own.
store::fleet_picture lease_keeper::with_grace(store::fleet_picture seen) const {
  if (clock_.steady_now() - back_since_ >= settings_.grace) return seen;
  for (store::lease_row& lease : seen.leases) {
    // Nobody else comes for the shards of a bot whose number of them this node changes.
    const auto rule = rules_.find(lease.key.bot);
    if (rule != rules_.end() && rule->second.only == settings_.self) continue;
    if (!lease.owner.name.empty() && lease.owner.name != settings_.self.name && !lease.is_owned())
      lease.free_in = std::chrono::milliseconds(1);
  }
  return seen;
}

// Who holds a lease under our name is a predecessor that died, or a process that was given the same name by
// mistake, which is to be told. The store knows which.
net::task<> lease_keeper::ask_namesake() {
  const auto is_namesake = [this](const store::lease_row& lease) {
    const auto found = entries_.find(lease.key);
    return found != entries_.end() && !found->second.held && lease.is_owned() &&
           lease.owner.name == settings_.self.name && lease.owner != settings_.self;
  };
  const auto found = std::ranges::find_if(seen_->leases, is_namesake);
  if (found == seen_->leases.end()) co_return;
  const auto outcome = co_await store_thread_.run(
      [store = store_, key = found->key, ttl = settings_.timing.ttl] { return store->acquire(key, ttl); });
  if (!outcome) refuse_all_waiting(outcome.error().message());
}

// A person wants it to drain: it counts as a node of weight 0, which serves only when no other is left.
void lease_keeper::follow_wish(const store::fleet_picture& seen) {
  const store::node_row* own = seen.node(settings_.self);
  if (own == nullptr || own->drain_asked == drained_) return;
  drained_ = own->drain_asked;
  settings_.about.weight = drained_ ? 0 : weight_;
  tell_news();
  log_.info(drained_ ? "this node drains: its shards go to others" : "this node takes shards again");
}

net::task<> lease_keeper::take(std::vector<store::lease_key> keys) {
  std::erase_if(keys, [this](const store::lease_key& key) { return !entries_.contains(key); });
  if (keys.empty()) co_return;
  const fleet::boot_time asked_at = fleet::boot_now(clock_);
  const auto taken = co_await store_thread_.run(
      [store = store_, keys, ttl = settings_.timing.ttl] { return store->acquire_all(keys, ttl); });
  if (!taken) {
    refuse_all_waiting(taken.error().message());
    co_return;
  }
  for (const store::lease& each : *taken) {
    const auto found = entries_.find(each.key);
    if (found == entries_.end())
      (void)co_await release(each.key);
    else
      grant(found->second, each.epoch, asked_at);
  }
}

// What somebody handed over is renewed at once: its term is not known here.
net::task<> lease_keeper::confirm(const std::vector<store::lease_key>& keys) {
  if (keys.empty()) co_return;
  const fleet::boot_time asked_at = fleet::boot_now(clock_);
  const auto kept = co_await store_thread_.run(
      [store = store_, keys, ttl = settings_.timing.ttl] { return store->renew_all(keys, ttl); });
  if (!kept) co_return;
  for (const store::lease& each : *kept) {
    const auto found = entries_.find(each.key);
    if (found == entries_.end())
      (void)co_await release(each.key);
    else
      grant(found->second, each.epoch, asked_at);
  }
}

void lease_keeper::tell_delegations() {
  for (auto& [key, item] : entries_) {
    auto wanted = item.wish == lease_wish::share ? fleet::delegation_of(*seen_, rules_, key) : std::nullopt;
    const bool known = wanted.has_value() == item.delegation.has_value() &&
                       (!wanted || fleet::same(*wanted, *item.delegation));
    if (known) continue;
    item.delegation = std::move(wanted);
    const auto told = item.delegation ? std::make_shared<const fleet::delegation>(*item.delegation) : nullptr;
    tell(item, [told](lease_holder& holder) { holder.on_delegation(told); });
  }
}

// Told once for a bot and release; it is as it should be, but not what everybody expects of a new node.
void lease_keeper::tell_why_waiting() {
  for (const store::served_shards& each : settings_.about.serves) {
    const auto rule = rules_.find(each.bot);
    const bool waits = rule != rules_.end() && !rule->second.active && !rule->second.settled.empty() &&
                       rule->second.settled != settings_.about.release;
    std::string& told = waited_for_[each.bot];
    if (!waits || told == rule->second.settled) continue;
    told = rule->second.settled;
    log_.info("this node stands by: another release runs the bot; guildfleet rollout start moves it",
              base::field("bot", each.bot.value), base::field("release", settings_.about.release),
              base::field("runs_now", told));
  }
}

// A node that is alone moves a rollout on all the same, as to its end when the others are gone; and it has
// two sets of a bot's shards only while their number is changed.
bool lease_keeper::has_operation() const {
  std::map<store::bot_name, std::uint32_t> counts;
  for (const auto& [key, item] : entries_) {
    if (counts.try_emplace(key.bot, key.shard.count).first->second != key.shard.count) return true;
  }
  return seen_ &&
         std::ranges::any_of(seen_->releases, [](const auto& each) { return each.rollout.has_value(); });
}

void lease_keeper::ask_to_give(const std::vector<fleet::lease_gift>& gifts) {
  const base::steady_time now = clock_.steady_now();
  for (const fleet::lease_gift& gift : gifts) {
    const auto found = entries_.find(gift.key);
    if (found == entries_.end() || !found->second.held || found->second.given_until > now) continue;
    found->second.given_until = now + settings_.give_within;
    const store::node_row* there = seen_node(gift.to);
    if (there != nullptr && settings_.words.say_prepare) settings_.words.say_prepare(*there, gift.key);
    // The shards of a node that stops give themselves up, once what runs has ended.
    if (stopping_) continue;
    if (!drained_) moves_ -= 1;
    tell(found->second, [to = gift.to](lease_holder& holder) { holder.on_give(to); });
  }
}

void lease_keeper::refill_moves() {
  const base::steady_time now = clock_.steady_now();
  const double minutes = std::chrono::duration<double, std::ratio<60>>(now - moves_at_).count();
  const double most = settings_.moves_per_minute;
  moves_ = std::clamp(moves_ + minutes * most, 0.0, most);
  moves_at_ = now;
}

const store::node_row* lease_keeper::seen_node(const store::node_identity& node) const {
  return seen_ ? seen_->node(node) : nullptr;
}

bool lease_keeper::shares() const {
  return std::ranges::any_of(entries_,
                             [](const auto& each) { return each.second.wish == lease_wish::share; });
}

}  // namespace guildfleet::bot
