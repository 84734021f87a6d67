// Calls into another reactor of the process.
#pragma once

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <memory>
#include <optional>

#include "net/async_event.hpp"
#include "net/cancellation.hpp"

namespace guildfleet::net {

// Belongs to the caller's reactor, where it also ends.
template <class T>
struct reactor_call {
  explicit reactor_call(const asio::any_io_executor& caller) : ended(caller) {}

  std::optional<T> result;
  std::exception_ptr thrown;
  async_event ended;
  bool over = false;
};

template <class T>
task<> perform_there(std::shared_ptr<reactor_call<T>> call, task<T> work, asio::any_io_executor caller) {
  co_await asio::this_coro::throw_if_cancelled(false);
  try {
    call->result.emplace(co_await std::move(work));
  } catch (...) {
    call->thrown = std::current_exception();
  }
  asio::post(caller, [call = std::move(call)] {
    call->over = true;
    call->ended.notify();
  });
}

// Runs `work` on `there`, which must turn until it has ended, and returns what it returned or throws what it
// threw. A cancellation of the caller goes there as a message: Asio's own way would touch a signal of the
// caller's that may be gone by then. The caller stays until the work has ended all the same.
template <class T>
[[nodiscard]] task<T> on_reactor(asio::any_io_executor there, task<T> work) {
  const asio::any_io_executor here = co_await asio::this_coro::executor;
  if (here == there) co_return co_await std::move(work);
  const auto call = std::make_shared<reactor_call<T>>(here);
  const auto stop = std::make_shared<asio::cancellation_signal>();  // emitted there only
  asio::co_spawn(there, perform_there(call, std::move(work), here),
                 asio::bind_cancellation_slot(stop->slot(), [stop](const std::exception_ptr&) {}));
  while (!call->over && !co_await is_cancelled()) (void)co_await call->ended.wait(no_deadline());
  if (!call->over) asio::post(there, [stop] { stop->emit(asio::cancellation_type::terminal); });
  while (!call->over) (void)co_await call->ended.wait_uncancelled(no_deadline());
  if (call->thrown) std::rethrow_exception(call->thrown);
  co_return std::move(*call->result);
}

}  // namespace guildfleet::net
