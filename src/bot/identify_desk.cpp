#include "bot/identify_desk.hpp"

#include <boost/asio/post.hpp>

#include "net/cancellation.hpp"

namespace guildfleet::bot {
namespace {

// A permission is read again while it is used; this outlives one reading that fails.
constexpr std::chrono::seconds permission_trusted{10};
constexpr std::chrono::seconds store_again_after{5};

}  // namespace

identify_desk::identify_desk(net::asio::any_io_executor executor, store::bot_name bot,
                             identify_desk_parts parts, const fleet::identify_settings& settings,
                             limit_reader read_limit, base::logger log, const identify_desk_pace& pace)
    : executor_(executor),
      bot_(std::move(bot)),
      parts_(std::move(parts)),
      settings_(settings),
      read_limit_(std::move(read_limit)),
      log_(std::move(log)),
      pace_(pace),
      remaining_(parts_.metrics.gauge_of("guildfleet_fleet_identifies_remaining",
                                         "Identifies left of the day's budget, after those of all nodes",
                                         {{"bot", bot_.value}})),
      floor_(parts_.metrics.gauge_of("guildfleet_fleet_identify_floor",
                                     "Identifies of the day's budget that are kept back",
                                     {{"bot", bot_.value}})),
      refused_(parts_.metrics.counter_of("guildfleet_fleet_identifies_refused_total",
                                         "Shards that were refused to identify below the floor",
                                         {{"bot", bot_.value}})),
      slowed_(parts_.metrics.counter_of("guildfleet_fleet_identifies_slowed_total",
                                        "Times that a restart loop made a shard wait",
                                        {{"bot", bot_.value}})),
      changed_(executor) {}

net::task<base::result<void>> identify_desk::open(fleet::session_start_limit limit,
                                                  base::steady_time asked_at) {
  auto noted = co_await note_limit(limit, asked_at);
  if (!noted) co_return noted;
  auto history = co_await read_history();
  if (!history) co_return std::unexpected(std::move(history).error());
  gate_ = std::make_unique<fleet::identify_gate>(bot_.value, settings_, limit, *history,
                                                 parts_.clock.steady_now());
  learned_at_ = parts_.clock.steady_now();
  learn_at_ = learned_at_ + pace_.learn_idle;
  show();
  changed_.notify();
  co_return base::result<void>();
}

void identify_desk::ask(discord::shard_id shard, std::uint64_t ticket, std::weak_ptr<identify_asker> asker) {
  net::asio::post(executor_, [this, shard, ticket, asker = std::move(asker)] {
    questions_[shard] = question{ticket, asker, parts_.clock.steady_now()};
    shard_count_ = shard.count;
    learn_at_ = std::min(learn_at_, learned_at_ + pace_.learn_for_new);
    changed_.notify();
  });
}

void identify_desk::withdraw(discord::shard_id shard) {
  net::asio::post(executor_, [this, shard] {
    questions_.erase(shard);
    if (gate_) gate_->withdraw(shard);
  });
}

void identify_desk::answered(discord::shard_id shard, const identify_grant& grant, base::steady_time at) {
  tell_outcome({shard, grant.id, at});
}

void identify_desk::not_sent(discord::shard_id shard, const identify_grant& grant) {
  tell_outcome({shard, grant.id, std::nullopt});
}

void identify_desk::tell_outcome(outcome what) {
  net::asio::post(executor_, [this, what] {
    outcomes_.push_back(what);
    changed_.notify();
  });
}

net::task<> identify_desk::run() {
  co_await net::asio::this_coro::throw_if_cancelled(false);
  while (true) {
    co_await note_outcomes();
    std::vector<discord::shard_id> due;
    for (const auto& [shard, item] : questions_) {
      if (gate_ && item.ask_at <= parts_.clock.steady_now()) due.push_back(shard);
    }
    if (gate_) co_await learn_if_due(!due.empty());
    for (const discord::shard_id shard : due) co_await consider(shard);
    if (gate_) show();
    if (co_await net::is_cancelled()) co_return;
    (void)co_await changed_.wait(next_due());
  }
}

net::task<> identify_desk::consider(discord::shard_id shard) {
  const auto found = questions_.find(shard);
  if (found == questions_.end()) co_return;
  if (found->second.asker.expired()) {
    questions_.erase(found);
    gate_->withdraw(shard);
    co_return;
  }
  fleet::identify_answer answer = gate_->request(shard, parts_.clock.steady_now());
  if (auto* permit = std::get_if<fleet::identify_permit>(&answer)) {
    co_await grant(shard, std::move(*permit));
  } else if (const auto* wait = std::get_if<fleet::identify_wait>(&answer)) {
    found->second.ask_at = wait->until;
    if (wait->is_loop()) slowed(found->second, shard, *wait);
  } else {
    co_await refused(shard, std::get<fleet::identify_refusal>(std::move(answer)));
  }
}

net::task<> identify_desk::grant(discord::shard_id shard, fleet::identify_permit permit) {
  struct dated_claim {
    store::claimed_identify answer;
    fleet::boot_time asked_at;
  };
  const store::identify_claim claim{.max_concurrency = gate_->max_concurrency(),
                                    .spacing = settings_.spacing + settings_.margin,
                                    .arrives_within = settings_.arrives_within,
                                    .keep_back = gate_->floor(shard.count, parts_.clock.steady_now())};
  const auto claimed =
      co_await parts_.store_thread.run([store = parts_.store, key = store::lease_key{bot_, shard}, claim,
                                        &clock = parts_.clock]() -> base::result<dated_claim> {
        const fleet::boot_time asked_at = fleet::boot_now(clock);
        auto answer = store->claim_identify(key, claim);
        if (!answer) return std::unexpected(std::move(answer).error());
        return dated_claim{*answer, asked_at};
      });
  const base::steady_time now = parts_.clock.steady_now();
  const auto found = questions_.find(shard);
  if (!claimed) {
    log_.error("identify could not be recorded, so it is not sent", base::field("shard", shard),
               base::field("reason", claimed.error().message()));
    if (found != questions_.end()) found->second.ask_at = now + store_again_after;
    co_return;
  }
  const store::claimed_identify& answer = claimed->answer;
  if (answer.granted()) std::move(permit).use(now);
  if (answer.left) gate_->left_is(*answer.left - (answer.granted() ? 1 : 0), now);
  if (answer.wait.count() > 0) gate_->bucket_busy_until(shard, now + answer.wait);
  const bool waits = found != questions_.end() && !found->second.asker.expired();
  if (answer.granted() && !waits)
    co_await note({shard, answer.id, std::nullopt});
  else if (answer.granted())
    hand_out(found, {answer.id, claimed->asked_at + settings_.send_within});
  else if (waits)
    found->second.ask_at = now + answer.wait;  // what others have used is known now
}

void identify_desk::hand_out(questions::iterator to, const identify_grant& grant) {
  const std::uint64_t ticket = to->second.ticket;
  const discord::shard_id shard = to->first;
  const auto asker = to->second.asker.lock();
  questions_.erase(to);
  if (asker)
    net::asio::post(asker->executor(), [asker, ticket, grant] { asker->on_identify_granted(ticket, grant); });
  else
    not_sent(shard, grant);
}

net::task<> identify_desk::note_outcomes() {
  for (const outcome& each : std::exchange(outcomes_, {})) co_await note(each);
}

// Where the store cannot be told, the latest time counts at which it may have arrived.
net::task<> identify_desk::note(outcome what) {
  if (gate_ && what.answered_at)
    gate_->bucket_busy_until(what.shard, *what.answered_at + settings_.spacing + settings_.margin);
  else if (gate_)
    gate_->not_sent(what.shard);
  const auto noted = co_await parts_.store_thread.run(
      [store = parts_.store, id = what.id, at = what.answered_at, &clock = parts_.clock] {
        if (!at) return store->identify_not_sent(id);
        return store->identify_answered(
            id, std::chrono::floor<std::chrono::milliseconds>(clock.steady_now() - *at));
      });
  if (!noted)
    log_.warn("what became of an identify could not be recorded, the next one waits longer",
              base::field("shard", what.shard), base::field("reason", noted.error().message()));
}

net::task<> identify_desk::refused(discord::shard_id shard, fleet::identify_refusal refusal) {
  const base::steady_time before = parts_.clock.steady_now();
  if (before - permission_at_ >= pace_.permission) co_await look_for_permission();
  if (!permission_ && before - limit_at_ >= pace_.limit_refused) co_await read_limit();
  const auto found = questions_.find(shard);
  if (found == questions_.end()) co_return;
  const base::steady_time now = parts_.clock.steady_now();
  fleet::identify_answer again = gate_->request(shard, now);
  const auto* still = std::get_if<fleet::identify_refusal>(&again);
  found->second.ask_at = still != nullptr ? now + pace_.permission : now;
  if (still == nullptr || found->second.tell_at > now) co_return;
  refused_.add();
  tell(found->second, still->error.message());
}

void identify_desk::slowed(question& item, discord::shard_id shard, const fleet::identify_wait& wait) {
  const base::steady_time now = parts_.clock.steady_now();
  if (item.tell_at > now) return;
  slowed_.add();
  tell(item, fleet::reason_of(bot_.value, shard, wait, now));
  item.tell_at = wait.until;
}

void identify_desk::tell(question& item, const std::string& why) {
  item.tell_at = parts_.clock.steady_now() + pace_.tell_again;
  if (const auto asker = item.asker.lock())
    net::asio::post(asker->executor(), [asker, why] { asker->on_identify_delayed(why); });
}

net::task<> identify_desk::learn_if_due(bool asked) {
  const base::steady_time now = parts_.clock.steady_now();
  if (permission_ && now - permission_at_ >= pace_.permission) co_await look_for_permission();
  if (asked && now - limit_at_ >= pace_.limit_at_most) co_await read_limit();
  if (now < learn_at_) co_return;
  const auto history = co_await read_history();
  learned_at_ = parts_.clock.steady_now();
  learn_at_ = learned_at_ + (asked ? pace_.learn_while_asked : pace_.learn_idle);
  if (history)
    gate_->learn(*history, learned_at_);
  else
    log_.warn("identify log could not be read", base::field("reason", history.error().message()));
}

net::task<base::result<store::identify_history>> identify_desk::read_history() {
  co_return co_await parts_.store_thread.run(
      [store = parts_.store, bot = bot_] { return store->identifies(bot); });
}

net::task<> identify_desk::read_limit() {
  limit_at_ = parts_.clock.steady_now();
  const base::steady_time asked_at = limit_at_;
  const auto limit = co_await read_limit_();
  if (!limit) co_return;
  const auto noted = co_await note_limit(*limit, asked_at);
  // Without the store nothing is identified, so that what it counts is not missed.
  if (noted) learn_at_ = parts_.clock.steady_now();
  gate_->update_limit(*limit, parts_.clock.steady_now());
}

net::task<base::result<void>> identify_desk::note_limit(fleet::session_start_limit limit,
                                                        base::steady_time asked_at) {
  limit_at_ = asked_at;
  const store::identify_budget budget{.total = limit.total,
                                      .remaining = limit.remaining,
                                      .max_concurrency = limit.max_concurrency,
                                      .reset_after = limit.reset_after};
  const auto age =
      std::chrono::duration_cast<std::chrono::milliseconds>(parts_.clock.steady_now() - asked_at);
  co_return co_await parts_.store_thread.run([store = parts_.store, bot = bot_, budget, age] {
    return store->note_identify_budget(bot, budget, age);
  });
}

net::task<> identify_desk::look_for_permission() {
  permission_at_ = parts_.clock.steady_now();
  const auto found = co_await parts_.store_thread.run(
      [store = parts_.store, bot = bot_] { return store->identify_permission(bot); });
  if (!found) co_return;
  if (!*found) {
    end_permission();
    co_return;
  }
  gate_->open_floor(permission_at_ + permission_trusted);
  if (permission_ == *found) co_return;
  permission_ = *found;
  log_.warn("identifies below the floor are allowed", base::field("reason", permission_->reason),
            base::field("who", permission_->who),
            base::field("for_s", (permission_->until_ms - permission_->granted_ms) / 1'000));
}

void identify_desk::end_permission() {
  gate_->open_floor(base::steady_time::min());
  if (std::exchange(permission_, std::nullopt)) log_.info("identifies below the floor are allowed no longer");
}

void identify_desk::show() {
  const base::steady_time now = parts_.clock.steady_now();
  remaining_.set(gate_->remaining(now));
  floor_.set(gate_->floor(shard_count_, now));
}

base::steady_time identify_desk::next_due() const {
  if (!gate_) return base::steady_time::max();
  base::steady_time due = questions_.empty() ? learn_at_ : base::steady_time::max();
  for (const auto& [shard, item] : questions_) due = std::min(due, item.ask_at);
  return permission_ ? std::min(due, permission_at_ + pace_.permission) : due;
}

}  // namespace guildfleet::bot
