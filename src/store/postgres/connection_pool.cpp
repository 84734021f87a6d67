#include "store/postgres/connection_pool.hpp"

#include <fmt/format.h>

#include "store/error.hpp"
#include "store/postgres/sql_error.hpp"

namespace guildfleet::store {
namespace {

constexpr int most_attempts = 4;

// Time limits are told in each transaction: poolers refuse them when a connection starts.
std::string beginning(call_kind kind, std::chrono::milliseconds call, std::chrono::milliseconds lock) {
  if (kind == call_kind::read) return {};
  return fmt::format(
      "BEGIN{}; SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = {}; "
      "SET LOCAL idle_in_transaction_session_timeout = {}",
      kind == call_kind::snapshot ? " ISOLATION LEVEL REPEATABLE READ READ ONLY" : "", call.count(),
      lock.count(), call.count());
}

}  // namespace

connection_pool::connection_pool(connection_target target, pool_settings settings, const base::clock& clock,
                                 base::random_source random)
    : target_(std::move(target)),
      settings_(settings),
      clock_(clock),
      gate_({.connections = settings.connections, .waiting = settings.waiting}),
      random_(random) {
  if (settings_.metrics != nullptr) metrics_.emplace(*settings_.metrics, settings_.connections);
}

connection_pool::~connection_pool() = default;

base::result<void> connection_pool::run(call_kind kind, const body& work) {
  return run_within({.kind = kind, .call = settings_.call_timeout, .lock = settings_.lock_timeout}, work);
}

base::result<void> connection_pool::run_slowly(std::chrono::milliseconds limit,
                                               std::chrono::milliseconds lock_limit, const body& work) {
  return run_within({.kind = call_kind::write, .call = limit, .lock = lock_limit}, work);
}

base::result<void> connection_pool::run_within(const time_limits& limits, const body& work) {
  const auto deadline = clock_.steady_now() + limits.call;
  for (int attempts = 1;; ++attempts) {
    auto lent = borrow(deadline);
    if (!lent) return std::unexpected(std::move(lent).error());
    auto failure = attempt(*lent, limits, work, deadline);
    // Behind the name there may be another server by now.
    const bool server_changed =
        failure && (failure->rested_connection_was_gone || failure->error.code() == store_error::read_only);
    if (server_changed) lent->healthy = false;
    give_back(*std::move(lent));
    if (!failure) return {};
    if (server_changed) discard_idle();
    const bool again = failure->retryable || failure->rested_connection_was_gone;
    if (!again || attempts >= most_attempts || clock_.steady_now() >= deadline)
      return std::unexpected(std::move(failure->error));
  }
}

std::optional<connection_pool::attempt_failure> connection_pool::attempt(borrowed& lent,
                                                                         const time_limits& limits,
                                                                         const body& work,
                                                                         base::steady_time deadline) {
  sql_session& session = *lent.session;
  const connection_watch::guard guard(watch_, session.socket_handle(), deadline);
  bool committing = false;
  try {
    if (const auto begin = beginning(limits.kind, limits.call, limits.lock); !begin.empty())
      session.script(begin);
    sql_transaction transaction(session);
    work(transaction);
    committing = limits.kind == call_kind::write && !transaction.abandoned();
    if (limits.kind != call_kind::read) session.script(committing ? "COMMIT" : "ROLLBACK");
    return std::nullopt;
  } catch (const sql_failure& failure) {
    undo(lent, limits.kind);
    if (guard.cut()) {
      if (metrics_) metrics_->cut();
      return attempt_failure{.error = explain_cut(committing, limits.call)};
    }
    if (failure.connection_lost()) {
      if (committing) return attempt_failure{.error = explain_unknown_outcome(target_.shown())};
      return attempt_failure{.error = failure.error(), .rested_connection_was_gone = !lent.fresh};
    }
    return attempt_failure{.error = failure.error(), .retryable = failure.retryable()};
  } catch (const std::exception& bug) {
    undo(lent, limits.kind);
    return attempt_failure{.error = base::error(store_error::failed, target_.scrub(bug.what()),
                                                "Please report this with the log.")};
  }
}

// After a failure. What cannot be undone so is undone by closing the connection.
void connection_pool::undo(borrowed& lent, call_kind kind) {
  if (kind == call_kind::read || !lent.session->open()) return;
  try {
    lent.session->script("ROLLBACK");
  } catch (const sql_failure&) {
    lent.healthy = false;
  }
}

base::error connection_pool::explain_cut(bool committing, std::chrono::milliseconds limit) const {
  if (committing) return explain_unknown_outcome(target_.shown());
  return explain_sql("", fmt::format("no answer within {} ms", limit.count()), target_.shown());
}

base::result<connection_pool::borrowed> connection_pool::borrow(base::steady_time deadline) {
  const auto asked_at = clock_.steady_now();
  std::unique_lock lock(mutex_);
  while (true) {
    switch (gate_.ask(clock_.steady_now())) {
      case pool_answer::take_idle:
        if (auto taken = take_idle()) {
          if (metrics_) metrics_->waited(clock_.steady_now() - asked_at);
          return *std::move(taken);
        }
        break;
      case pool_answer::connect: {
        auto made = connect(lock);
        if (made && metrics_) metrics_->waited(clock_.steady_now() - asked_at);
        return made;
      }
      case pool_answer::backing_off:
        return std::unexpected(last_failure_.value_or(
            explain_sql("", "the server did not answer a moment ago", target_.shown())));
      case pool_answer::too_many_waiting:
        return base::fail(store_error::queue_full,
                          fmt::format("{}: {} calls wait for {} connections", target_.shown(),
                                      gate_.waiting(), settings_.connections),
                          "Raise the number of connections, or find what makes the server slow.");
      case pool_answer::wait:
        gate_.began_waiting();
        show();
        const bool late = changed_.wait_until(lock, deadline) == std::cv_status::timeout;
        gate_.ended_waiting();
        show();
        if (late) {
          return base::fail(
              store_error::timed_out,
              fmt::format("{}: no free connection among {}", target_.shown(), settings_.connections),
              "Raise the number of connections, or find what makes the server slow.");
        }
    }
  }
}

// Under the lock. Nothing when the connection has been closed by the server meanwhile.
std::optional<connection_pool::borrowed> connection_pool::take_idle() {
  auto session = std::move(idle_.back());
  idle_.pop_back();
  if (session->stale()) {
    gate_.discarded_idle();
    return std::nullopt;
  }
  gate_.took_idle();
  show();
  return borrowed{.session = std::move(session), .fresh = false};
}

base::result<connection_pool::borrowed> connection_pool::connect(std::unique_lock<std::mutex>& lock) {
  gate_.connecting();
  lock.unlock();
  auto session = sql_session::connect(target_);
  lock.lock();
  if (!session) {
    gate_.connect_failed(clock_.steady_now(), random_);
    last_failure_ = session.error();
    if (metrics_) metrics_->connect_failed();
    changed_.notify_all();
    return std::unexpected(std::move(session).error());
  }
  gate_.connected();
  last_failure_.reset();
  show();
  return borrowed{.session = *std::move(session), .fresh = true};
}

void connection_pool::give_back(borrowed lent) {
  const std::lock_guard lock(mutex_);
  if (lent.healthy && lent.session->open()) {
    gate_.returned();
    idle_.push_back(std::move(lent.session));
  } else {
    gate_.discarded();
  }
  show();
  changed_.notify_one();
}

void connection_pool::discard_idle() {
  std::vector<std::unique_ptr<sql_session>> gone;
  const std::lock_guard lock(mutex_);
  gone.swap(idle_);
  for (std::size_t each = 0; each < gone.size(); ++each) gate_.discarded_idle();
}

void connection_pool::show() const {
  if (metrics_) metrics_->show(gate_);
}

}  // namespace guildfleet::store
