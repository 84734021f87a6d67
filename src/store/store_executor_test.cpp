#include "store/store_executor.hpp"

#include <boost/asio/co_spawn.hpp>
#include <future>
#include <gtest/gtest.h>
#include <optional>
#include <stdexcept>
#include <string>

namespace guildfleet::store {
namespace {

using text_result = base::result<std::string>;

// Runs `work` from a coroutine on its own reactor and gives its result.
template <class F, class... Deadline>
std::invoke_result_t<F&> run_and_wait(store_executor& executor, F work, Deadline... deadline) {
  std::optional<std::invoke_result_t<F&>> outcome;
  net::asio::io_context reactor;
  net::asio::co_spawn(reactor, executor.run(std::move(work), deadline...),
                      [&](const std::exception_ptr& crash, std::invoke_result_t<F&> done) {
                        EXPECT_FALSE(crash);
                        outcome = std::move(done);
                      });
  reactor.run();
  return *std::move(outcome);
}

// Occupies the store's thread until release().
class roadblock final {
 public:
  explicit roadblock(store_executor& executor) {
    auto block = [this]() -> base::result<int> {
      entered_.set_value();
      gate_.get_future().wait();
      return 1;
    };
    net::asio::co_spawn(
        reactor_, executor.run(block),
        [this](const std::exception_ptr&, base::result<int> done) { finished = done.value_or(0); });
    reactor_.poll();
    entered_.get_future().wait();
  }
  void release() { gate_.set_value(); }
  void run_reactor() { reactor_.run(); }
  net::asio::io_context& reactor() { return reactor_; }

  int finished = 0;

 private:
  std::promise<void> entered_;
  std::promise<void> gate_;
  net::asio::io_context reactor_;
};

TEST(store_executor, gives_results_to_the_callers_thread) {
  store_executor executor;
  std::thread::id store_thread;
  const auto outcome = run_and_wait(executor, [&]() -> base::result<std::unique_ptr<int>> {
    store_thread = std::this_thread::get_id();
    return std::make_unique<int>(42);
  });
  ASSERT_TRUE(outcome);
  EXPECT_EQ(**outcome, 42);
  EXPECT_NE(store_thread, std::this_thread::get_id());
}

TEST(store_executor, passes_errors_on) {
  store_executor executor;
  const auto outcome = run_and_wait(
      executor, []() -> base::result<void> { return base::fail(store_error::disk_full, "file"); });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code(), store_error::disk_full);
}

TEST(store_executor, turns_an_exception_into_an_error_and_lives_on) {
  store_executor executor;
  const auto outcome = run_and_wait(executor, []() -> text_result { throw std::runtime_error("a bug"); });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code(), store_error::failed);
  EXPECT_EQ(outcome.error().context(), "a bug");
  EXPECT_EQ(run_and_wait(executor, []() -> text_result { return "fine"; }).value_or("refused"), "fine");
}

TEST(store_executor, refuses_more_than_its_depth) {
  store_executor executor(1);
  roadblock block(executor);
  EXPECT_EQ(executor.depth(), 1U);
  const auto refused = run_and_wait(executor, []() -> text_result { return "never"; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), store_error::queue_full);
  block.release();
  block.run_reactor();
  EXPECT_EQ(block.finished, 1);
}

TEST(store_executor, finishes_accepted_calls_in_order_when_stopped) {
  store_executor executor;
  roadblock block(executor);
  std::string order;
  for (const char* step : {"a", "b", "c"}) {
    net::asio::co_spawn(block.reactor(), executor.run([&order, step]() -> base::result<void> {
      order += step;
      return {};
    }),
                        [](const std::exception_ptr&, const base::result<void>& done) { EXPECT_TRUE(done); });
  }
  block.reactor().poll();
  EXPECT_EQ(executor.depth(), 4U);
  block.release();
  executor.stop();
  EXPECT_EQ(order, "abc");
  EXPECT_EQ(executor.depth(), 0U);
  block.run_reactor();
  EXPECT_EQ(block.finished, 1);
}

TEST(store_executor, refuses_after_it_was_stopped) {
  store_executor executor;
  executor.stop();
  const auto refused = run_and_wait(executor, []() -> text_result { return "never"; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), store_error::stopped);
}

base::steady_time in(std::chrono::milliseconds pause) {
  return std::chrono::steady_clock::now() + pause;
}

TEST(store_executor, gives_a_result_that_comes_before_the_deadline) {
  store_executor executor;
  const auto outcome =
      run_and_wait(executor, []() -> text_result { return "in time"; }, in(std::chrono::hours(1)));
  EXPECT_EQ(outcome.value_or("late"), "in time");
}

TEST(store_executor, answers_at_the_deadline_while_the_thread_hangs) {
  store_executor executor;
  roadblock block(executor);
  bool begun = false;
  const auto outcome = run_and_wait(
      executor,
      [&begun]() -> text_result {
        begun = true;
        return "late";
      },
      in(std::chrono::milliseconds(20)));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code(), store_error::timed_out);
  block.release();
  block.run_reactor();
  EXPECT_EQ(run_and_wait(executor, []() -> text_result { return "next"; }).value_or("refused"), "next");
  EXPECT_FALSE(begun) << "what nobody waits for any more is not begun";
}

TEST(store_executor, loses_the_result_of_what_was_running_at_the_deadline) {
  store_executor executor;
  std::promise<void> gate;
  net::asio::io_context reactor;
  std::optional<text_result> outcome;
  net::asio::co_spawn(reactor,
                      executor.run(
                          [&gate]() -> text_result {
                            gate.get_future().wait();
                            return "late";
                          },
                          in(std::chrono::milliseconds(20))),
                      [&](const std::exception_ptr&, text_result done) { outcome = std::move(done); });
  reactor.run();
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(*outcome);
  gate.set_value();
  executor.stop();
  reactor.restart();
  reactor.run();
  EXPECT_FALSE(*outcome);
}

TEST(store_executor, runs_as_many_calls_at_once_as_it_has_threads) {
  store_executor executor(16, 2);
  EXPECT_EQ(executor.threads(), 2U);
  roadblock block(executor);
  EXPECT_EQ(run_and_wait(executor, []() -> text_result { return "beside it"; }).value_or("refused"),
            "beside it");
  block.release();
  block.run_reactor();
  executor.stop();
}

}  // namespace
}  // namespace guildfleet::store
