// How a shard comes from another node, and how it goes to one.
#include "bot/shard.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::chrono::seconds ahead_within{20};

}  // namespace

// The connection is made while the other node still finishes; begin_session() then resumes on it.
net::task<> shard::connect_ahead() {
  const auto stored = co_await parts_.store_thread.run(
      [store = parts_.store, key = key_] { return store->load(key); }, net::deadline_in(ahead_within));
  if (!stored || !*stored || stopping_) co_return;
  machine_ = std::make_unique<discord::session_machine>(
      settings_.session,
      discord::resume_point{(*stored)->session_id, (*stored)->resume_url, (*stored)->sequence}, random_);
  end_ = session_end::none;
  ahead_ = true;
  ahead_failed_ = false;
  machine_->start_ahead(now());
  const base::steady_time until = now() + ahead_within;
  const auto is_good = [this] { return !stopping_ && !ahead_failed_ && !machine_->is_over(); };
  while (is_good() && !gate_.permits(fleet::boot_now(parts_.clock)) && now() < until) {
    co_await perform_actions();
    if (!is_good()) break;
    (void)co_await wake_.wait(std::min(until, machine_->next_wakeup()));
    machine_->on_tick(now());
  }
  if (!is_good() || !gate_.permits(fleet::boot_now(parts_.clock))) co_await leave_ahead();
}

net::task<> shard::leave_ahead() {
  machine_->stop(true, now());
  co_await perform_actions();
  machine_.reset();
  ahead_ = false;
}

// The session stays resumable, what was handled is written down, and then another node owns it. Where one of
// these fails this node goes on from what it wrote.
net::task<> shard::hand_over() {
  co_await finish_handlers();
  const bool written = gate_.permits(fleet::boot_now(parts_.clock)) && co_await ledger_.save();
  if (written) {
    // From here on the other node may act; whether this one still may is told by the next renewal.
    const std::uint64_t epoch = gate_.epoch();
    giving_ = true;
    gate_.lost();
    permit_->revoke();
    set_held(false);
    gauges_.state = shard_state::standby;
    if (co_await parts_.leases.transfer(key_, epoch, giving_to_)) {
      observe(metrics_.handover_seconds, given_at_);
      parts_.log.info("shard handed over", base::field("to", giving_to_.name));
    }
    giving_ = false;
  }
  handlers_.reopen();
}

net::task<> shard::drain() {
  co_await net::asio::this_coro::reset_cancellation_state();
  co_await finish_handlers();
  const bool may_write = gate_.permits(fleet::boot_now(parts_.clock));
  if (may_write && discards_session_)
    co_await ledger_.forget(gate_.epoch());
  else if (may_write)
    (void)co_await ledger_.save();
  background_.close();
  background_.cancel();
  co_await background_.join();
  co_await uses_.flush();
  giving_ = true;
  permit_->revoke();
  co_await parts_.leases.give_up(key_);
  observe(metrics_.handover_seconds, given_at_);
  gate_.lost();
  set_held(false);
  gauges_.state = shard_state::stopped;
}

void shard::on_give(const store::node_identity& to) {
  if (stopping_ || end_ != session_end::none || !machine_ || ahead_ ||
      !gate_.permits(fleet::boot_now(parts_.clock)))
    return;
  giving_to_ = to;
  given_at_ = now();
  end_session(session_end::given_away);
}

void shard::on_prepare() {
  if (stopping_ || ahead_ || gate_.permits(fleet::boot_now(parts_.clock))) return;
  prepare_wanted_ = true;
  lease_changed_.notify();
}

}  // namespace guildfleet::bot
