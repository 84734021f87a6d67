#include "net/on_reactor.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

#include "net/reactor.hpp"
#include "net/task_group.hpp"
#include "net/test_support.hpp"

namespace guildfleet::net {
namespace {

using namespace std::chrono_literals;

task<std::thread::id> thread_of_work() {
  co_return std::this_thread::get_id();
}

task<int> throwing() {
  throw std::runtime_error("no");
  co_return 1;
}

// True: it was cancelled before the hour was over.
task<bool> sleeping() {
  co_return !co_await sleep_until(deadline_in(1h));
}

TEST(on_reactor, runs_there_and_brings_the_result_back) {
  reactor other("other");
  asio::io_context here;
  bool checked = false;
  task_group group(here.get_executor());
  group.spawn("caller", [](asio::any_io_executor there, bool& done) -> task<> {
    const auto thread = co_await on_reactor(there, thread_of_work());
    EXPECT_NE(thread, std::this_thread::get_id());
    EXPECT_EQ(co_await on_reactor(co_await asio::this_coro::executor, thread_of_work()),
              std::this_thread::get_id());
    done = true;
  }(other.executor(), checked));
  here.run();
  EXPECT_TRUE(checked);
}

TEST(on_reactor, throws_what_was_thrown_there) {
  reactor other("other");
  asio::io_context here;
  bool caught = false;
  task_group group(here.get_executor());
  group.spawn("caller", [](asio::any_io_executor there, bool& done) -> task<> {
    try {
      (void)co_await on_reactor(there, throwing());
    } catch (const std::runtime_error&) {
      done = true;
    }
  }(other.executor(), caught));
  here.run();
  EXPECT_TRUE(caught);
}

TEST(on_reactor, a_cancellation_reaches_the_work) {
  reactor other("other");
  asio::io_context here;
  bool cancelled = false;
  task_group group(here.get_executor());
  group.spawn("caller", [](asio::any_io_executor there, bool& seen) -> task<> {
    seen = co_await on_reactor(there, sleeping());
  }(other.executor(), cancelled));
  asio::post(here, [&] { group.cancel(); });
  here.run();
  EXPECT_TRUE(cancelled);
}

// The one that the sanitizers are for: the caller is cancelled just as the work ends.
TEST(on_reactor, a_cancellation_may_meet_the_end_of_the_work) {
  reactor other("other");
  for (int round = 0; round < 500; ++round) {
    asio::io_context here;
    int ended = 0;
    task_group group(here.get_executor());
    for (int i = 0; i < 4; ++i) {
      group.spawn("caller", [](asio::any_io_executor there, int& count) -> task<> {
        (void)co_await on_reactor(there, thread_of_work());
        ++count;
      }(other.executor(), ended));
    }
    asio::post(here, [&] { group.cancel(); });
    here.run();
    ASSERT_EQ(ended, 4);
  }
}

}  // namespace
}  // namespace guildfleet::net
