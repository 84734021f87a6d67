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

// The session stays resumable, what was handled is written down, and then another node owns it; what runs
// ends here meanwhile, where the other node knows of it, and before otherwise. Where one of these fails this
// node goes on from what it wrote.
net::task<> shard::hand_over() {
  co_await outwait_inherited();
  co_await dismiss_guest();
  const auto heir = co_await parts_.leases.node_of(giving_to_);
  const bool told = heir && co_await tell_heir(*heir);
  if (!told) {
    turn_.reset();
    co_await finish_handlers();
  }
  const bool written = gate_.permits(fleet::boot_now(parts_.clock)) && co_await ledger_.save();
  bool given = false;
  if (written) {
    // From here on the other node may act; whether this one still may is told by the next renewal.
    const std::uint64_t epoch = gate_.epoch();
    mute();
    gauges_.state = shard_state::standby;
    given = co_await parts_.leases.transfer(key_, epoch, giving_to_);
    if (given) {
      observe(metrics_.handover_seconds, given_at_);
      parts_.log.info("shard handed over", base::field("to", giving_to_.name));
    }
    giving_ = false;
  }
  turn_.reset();
  if (told) co_await finish_tail(*heir);
  forget_guilds();
  if (!given) inherit_from_itself();
  unmute();
  handlers_.reopen();
}

// As hand_over(), of a node that stops. False: nobody is known, or it cannot be told, so what runs ends
// first.
net::task<bool> shard::give_to_heir() {
  const fleet::boot_time boot_now = fleet::boot_now(parts_.clock);
  if (!stopping_ || end_ == session_end::fatal || !gate_.permits(boot_now)) co_return false;
  const auto heir = co_await parts_.leases.heir_of(key_);
  if (!heir || !co_await tell_heir(*heir)) co_return false;
  if (gate_.permits(fleet::boot_now(parts_.clock)) && co_await ledger_.save()) {
    const std::uint64_t epoch = gate_.epoch();
    mute();
    if (co_await parts_.leases.transfer(key_, epoch, heir->identity))
      observe(metrics_.handover_seconds, given_at_);
  }
  turn_.reset();
  co_await finish_tail(*heir);
  co_return true;
}

net::task<> shard::drain() {
  co_await net::asio::this_coro::reset_cancellation_state();
  co_await outwait_inherited();
  co_await dismiss_guest();
  const bool gone = co_await give_to_heir();
  turn_.reset();
  if (!gone) co_await finish_handlers();
  const bool may_write = gate_.permits(fleet::boot_now(parts_.clock));
  if (may_write && discards_session_)
    co_await ledger_.forget(gate_.epoch());
  else if (may_write)
    (void)co_await ledger_.save();
  background_.close();
  background_.cancel();
  co_await background_.join();
  co_await uses_.flush();
  mute();
  co_await parts_.leases.give_up(key_);
  observe(metrics_.handover_seconds, given_at_);
  gauges_.state = shard_state::stopped;
}

// It runs here, and may be handed over.
bool shard::may_go() const {
  return end_ == session_end::none && machine_ && !ahead_ && gate_.permits(fleet::boot_now(parts_.clock));
}

void shard::leave_in_turn() {
  if (std::exchange(leaving_, true)) return;
  background_.spawn("turn", end_in_turn());
}

// Until then it acts as ever, and its session is not closed for longer than its own hand-over takes.
net::task<> shard::end_in_turn() {
  const bool goes = !stopping_ || co_await parts_.leases.heir_of(key_);
  auto turn = goes ? co_await parts_.leases.handover_turn() : std::nullopt;
  leaving_ = false;
  if (may_go()) {
    turn_ = std::move(turn);
    given_at_ = now();
  } else if (!stopping_) {
    co_return;
  }
  end_session(stopping_ ? session_end::stopping : session_end::given_away);
}

void shard::on_give(const store::node_identity& to) {
  if (stopping_ || !may_go()) return;
  giving_to_ = to;
  leave_in_turn();
}

void shard::on_prepare() {
  if (stopping_ || ahead_ || gate_.permits(fleet::boot_now(parts_.clock))) return;
  prepare_wanted_ = true;
  lease_changed_.notify();
}

}  // namespace guildfleet::bot
