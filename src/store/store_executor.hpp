// Runs blocking store calls on a thread of their own and gives the results to coroutines.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <type_traits>

#include "net/io.hpp"
#include "store/error.hpp"

namespace guildfleet::store {

// One thread that may serve many stores; calls run one after another in the order in which they came.
// Thread-safe. Must outlive its callers, and be stopped before their reactors are destroyed.
class store_executor final {
 public:
  explicit store_executor(std::size_t max_depth = 4096);
  ~store_executor();  // stop()

  // Runs `work` on the store thread and resumes the caller on its own reactor with what it returned. `work`
  // is a callable that returns a base::result; it must own what it uses (the caller may be gone when it
  // runs). Once accepted it runs even if the caller is cancelled. Errors of its own: queue_full, stopped,
  // failed (it threw).
  template <class F>
  [[nodiscard]] net::task<std::invoke_result_t<F&>> run(F work);

  // Calls that wait or run.
  [[nodiscard]] std::size_t depth() const;
  // Refuses new calls, finishes the accepted ones, joins the thread. Blocks. May be called again.
  void stop();

 private:
  using job = std::move_only_function<void()>;

  [[nodiscard]] base::result<void> reserve();
  void submit(job accepted);
  void work_loop();
  template <class F>
  static std::invoke_result_t<F&> call(F& work);

  const std::size_t max_depth_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<job> jobs_;
  std::size_t reserved_ = 0;  // accepted and not finished
  bool stopping_ = false;
  std::thread thread_;
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

}  // namespace guildfleet::store
