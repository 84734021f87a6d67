#include "net/async_event.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <utility>

#include "net/cancellation.hpp"

namespace guildfleet::net {

struct async_event::state {
  explicit state(asio::any_io_executor on) : executor(std::move(on)) {}

  void wake_all() {
    ++generation;
    for (asio::steady_timer* waiter : waiters) waiter->cancel();
  }

  asio::any_io_executor executor;
  std::list<asio::steady_timer*> waiters;
  std::uint64_t generation = 0;
  bool notified = false;
  bool destroyed = false;
};

namespace {

// Keeps a waiter in the list for as long as it waits, also when its coroutine is destroyed.
class registration final {
 public:
  registration(std::list<asio::steady_timer*>& list, asio::steady_timer& timer)
      : list_(list), position_(list.insert(list.end(), &timer)) {}
  ~registration() { list_.erase(position_); }
  registration(const registration&) = delete;
  registration& operator=(const registration&) = delete;

 private:
  std::list<asio::steady_timer*>& list_;
  std::list<asio::steady_timer*>::iterator position_;
};

// A template because the event's state is private to it.
template <class State>
task<bool> wait_on(std::shared_ptr<State> state, deadline until, bool cancellable) {
  if (std::exchange(state->notified, false)) co_return true;
  if (state->destroyed) co_return false;
  if (cancellable && co_await is_cancelled()) co_return false;
  const std::uint64_t before = state->generation;
  asio::steady_timer timer(state->executor, until);
  const registration registered(state->waiters, timer);
  boost::system::error_code ignored;
  if (cancellable) {
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  } else {
    co_await timer.async_wait(asio::bind_cancellation_slot(
        asio::cancellation_slot(), asio::redirect_error(asio::use_awaitable, ignored)));
  }
  co_return state->generation != before && !state->destroyed;
}

}  // namespace

async_event::async_event(asio::any_io_executor executor)
    : state_(std::make_shared<state>(std::move(executor))) {}

async_event::~async_event() {
  state_->destroyed = true;
  state_->wake_all();
}

void async_event::notify() {
  if (state_->waiters.empty()) {
    state_->notified = true;
  } else {
    state_->wake_all();
  }
}

task<bool> async_event::wait(deadline until) {
  return wait_on(state_, until, true);
}

task<bool> async_event::wait_uncancelled(deadline until) {
  return wait_on(state_, until, false);
}

task<bool> sleep_until(deadline until) {
  if (co_await is_cancelled()) co_return false;
  asio::steady_timer timer(co_await asio::this_coro::executor, until);
  boost::system::error_code code;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, code));
  co_return !code;
}

}  // namespace guildfleet::net
