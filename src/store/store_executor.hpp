// Runs blocking store calls on threads of their own and gives the results to coroutines.
#pragma once

#include <atomic>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <vector>

#include "base/clock.hpp"
#include "net/io.hpp"
#include "store/error.hpp"

namespace guildfleet::store {

// May serve many stores. With one thread (SQLite) calls run one after another in the order in which they
// came; with several (PostgreSQL: as many as its pool has connections) they begin in that order. Thread-safe.
// Must outlive its callers, and be stopped before their reactors are destroyed.
class store_executor final {
 public:
  explicit store_executor(std::size_t max_depth = 4096, std::size_t threads = 1);
  ~store_executor();  // stop()

  // Runs `work` on a store thread and resumes the caller on its own reactor with what it returned. `work`
  // is a callable that returns a base::result; it must own what it uses (the caller may be gone when it
  // runs). Once accepted it runs even if the caller is cancelled. Errors of its own: queue_full, stopped,
  // failed (it threw).
  template <class F>
  [[nodiscard]] net::task<std::invoke_result_t<F&>> run(F work);

  // The same, but the caller has its answer at `deadline`, even while the thread hangs: error timed_out. Work
  // that has begun by then goes on and its result is lost; work that has not is never begun.
  template <class F>
  [[nodiscard]] net::task<std::invoke_result_t<F&>> run(F work, base::steady_time deadline);

  // Calls that wait or run.
  [[nodiscard]] std::size_t depth() const;
  [[nodiscard]] std::size_t threads() const { return threads_.size(); }
  // Refuses new calls, finishes the accepted ones, joins the threads. Blocks. May be called again.
  void stop();

 private:
  using job = std::move_only_function<void()>;

  [[nodiscard]] base::result<void> reserve();
  void submit(job accepted);
  void work_loop();
  static std::unexpected<base::error> too_late();
  template <class F>
  static std::invoke_result_t<F&> call(F& work);

  const std::size_t max_depth_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<job> jobs_;
  std::size_t reserved_ = 0;  // accepted and not finished
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

// A caller that waits for its result or its deadline, whichever is first; lives on the caller's reactor. Once
// it is answered nothing of it refers to the reactor any more, which may be gone when the thread comes back.
template <class Handler, class Outcome>
class waiting_caller final {
 public:
  waiting_caller(Handler handler, const net::asio::any_io_executor& home, base::steady_time deadline)
      : handler_(std::move(handler)), timer_(std::in_place, home, deadline) {}

  [[nodiscard]] bool answered() const { return answered_; }  // from any thread
  void complete(Outcome outcome) {
    if (answered_.exchange(true)) return;
    timer_.reset();
    Handler handler = *std::move(handler_);
    handler_.reset();
    std::move(handler)(std::move(outcome));
  }
  template <class OnTimer>
  void when_late(OnTimer call) {
    timer_->async_wait(std::move(call));
  }

 private:
  std::optional<Handler> handler_;
  std::optional<net::asio::steady_timer> timer_;
  std::atomic<bool> answered_ = false;
};

template <class F>
std::invoke_result_t<F&> store_executor::call(F& work) {
  try {
    return work();
  } catch (const std::exception& thrown) {
    return base::fail(store_error::failed, thrown.what());
  }
}

template <class F>
net::task<std::invoke_result_t<F&>> store_executor::run(F work) {
  using outcome = std::invoke_result_t<F&>;
  if (auto slot = reserve(); !slot) co_return std::unexpected(std::move(slot).error());
  auto initiate = [this](auto handler, F accepted) {
    // Keeps the caller's reactor running until the result is posted there.
    auto home = net::asio::prefer(net::asio::get_associated_executor(handler),
                                  net::asio::execution::outstanding_work.tracked);
    submit([handler = std::move(handler), home, accepted = std::move(accepted)]() mutable {
      net::asio::post(home, [handler = std::move(handler), done = call(accepted)]() mutable {
        std::move(handler)(std::move(done));
      });
    });
  };
  co_return co_await net::asio::async_initiate<const net::asio::use_awaitable_t<>&, void(outcome)>(
      initiate, net::asio::use_awaitable, std::move(work));
}

template <class F>
net::task<std::invoke_result_t<F&>> store_executor::run(F work, base::steady_time deadline) {
  using outcome = std::invoke_result_t<F&>;
  if (auto slot = reserve(); !slot) co_return std::unexpected(std::move(slot).error());
  auto initiate = [this, deadline](auto handler, F accepted) {
    const net::asio::any_io_executor home = net::asio::get_associated_executor(handler);
    auto caller =
        std::make_shared<waiting_caller<decltype(handler), outcome>>(std::move(handler), home, deadline);
    caller->when_late([caller](const boost::system::error_code& cancelled) {
      if (!cancelled) caller->complete(too_late());
    });
    submit([caller = std::move(caller), home, deadline, accepted = std::move(accepted)]() mutable {
      const bool late = std::chrono::steady_clock::now() >= deadline;
      outcome done = late ? outcome(too_late()) : call(accepted);
      if (caller->answered()) return;
      net::asio::post(home, [caller = std::move(caller), done = std::move(done)]() mutable {
        caller->complete(std::move(done));
      });
    });
  };
  co_return co_await net::asio::async_initiate<const net::asio::use_awaitable_t<>&, void(outcome)>(
      initiate, net::asio::use_awaitable, std::move(work));
}

}  // namespace guildfleet::store
