#include "bot/identify_desk.hpp"

#include <boost/asio/post.hpp>

namespace guildfleet::bot {
namespace {

constexpr std::chrono::seconds reread_limit_after{30};

}  // namespace

identify_desk::identify_desk(net::asio::any_io_executor executor, store::bot_name bot,
                             std::shared_ptr<store::store> store, store::store_executor& store_thread,
                             const base::clock& clock, limit_reader read_limit, base::logger log)
    : executor_(executor),
      bot_(std::move(bot)),
      store_(std::move(store)),
      store_thread_(store_thread),
      clock_(clock),
      read_limit_(std::move(read_limit)),
      log_(std::move(log)),
      changed_(executor) {}

void identify_desk::open(const fleet::session_start_limit& limit, const store::identify_history& history) {
  max_concurrency_ = limit.max_concurrency;
  gate_ = std::make_unique<fleet::identify_gate>(bot_.value, fleet::identify_settings{}, limit, history,
                                                 clock_.steady_now());
  changed_.notify();
}

void identify_desk::ask(discord::shard_id shard, std::uint64_t ticket, std::weak_ptr<identify_asker> asker) {
  net::asio::post(executor_, [this, shard, ticket, asker = std::move(asker)] {
    questions_[shard] = question{ticket, asker, clock_.steady_now()};
    changed_.notify();
  });
}

void identify_desk::withdraw(discord::shard_id shard) {
  net::asio::post(executor_, [this, shard] {
    questions_.erase(shard);
    if (gate_) gate_->withdraw(shard);
  });
}

net::task<> identify_desk::run() {
  co_await net::asio::this_coro::throw_if_cancelled(false);
  while (true) {
    std::vector<discord::shard_id> due;
    for (const auto& [shard, item] : questions_) {
      if (gate_ && item.ask_at <= clock_.steady_now()) due.push_back(shard);
    }
    for (const discord::shard_id shard : due) co_await consider(shard);
    const auto cancellation = co_await net::asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != net::asio::cancellation_type::none) co_return;
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
  fleet::identify_answer answer = gate_->request(shard, clock_.steady_now());
  if (auto* permit = std::get_if<fleet::identify_permit>(&answer)) {
    co_await grant(shard, std::move(*permit));
  } else if (const auto* wait = std::get_if<fleet::identify_wait>(&answer)) {
    found->second.ask_at = wait->until;
  } else {
    co_await refused(shard, std::get<fleet::identify_refusal>(std::move(answer)));
  }
}

net::task<> identify_desk::grant(discord::shard_id shard, fleet::identify_permit permit) {
  const auto claimed = co_await store_thread_.run(
      [store = store_, key = store::lease_key{bot_, shard}, buckets = max_concurrency_] {
        return store->claim_identify(key, buckets, fleet::identify_settings{}.spacing);
      });
  const base::steady_time now = clock_.steady_now();
  const auto found = questions_.find(shard);
  if (!claimed) {
    log_.error("identify could not be recorded, so it is not sent", base::field("shard", shard),
               base::field("reason", claimed.error().message()));
    if (found != questions_.end()) found->second.ask_at = now + std::chrono::seconds(5);
    co_return;
  }
  if (*claimed > std::chrono::milliseconds::zero()) {
    gate_->bucket_busy_until(shard, now + *claimed);
    if (found != questions_.end()) found->second.ask_at = now + *claimed;
    co_return;
  }
  std::move(permit).use(now);
  if (found == questions_.end()) co_return;
  const auto asker = found->second.asker.lock();
  const std::uint64_t ticket = found->second.ticket;
  questions_.erase(found);
  if (asker) net::asio::post(asker->executor(), [asker, ticket] { asker->on_identify_granted(ticket); });
}

net::task<> identify_desk::refused(discord::shard_id shard, fleet::identify_refusal refusal) {
  if (const auto limit = co_await read_limit_()) gate_->update_limit(*limit, clock_.steady_now());
  const auto found = questions_.find(shard);
  if (found == questions_.end()) co_return;
  found->second.ask_at = clock_.steady_now() + reread_limit_after;
  if (const auto asker = found->second.asker.lock()) {
    net::asio::post(asker->executor(),
                    [asker, why = refusal.error.message()] { asker->on_identify_delayed(why); });
  }
}

base::steady_time identify_desk::next_due() const {
  base::steady_time due = base::steady_time::max();
  for (const auto& [shard, item] : questions_) due = std::min(due, item.ask_at);
  return gate_ ? due : base::steady_time::max();
}

std::uint32_t identify_desk::remaining() const {
  return gate_ ? gate_->remaining(clock_.steady_now()) : 0;
}

}  // namespace guildfleet::bot
