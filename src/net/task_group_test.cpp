#include "net/task_group.hpp"

#include <boost/asio/post.hpp>
#include <future>
#include <stdexcept>
#include <vector>

#include "net/async_event.hpp"
#include "net/reactor.hpp"
#include "net/test_support.hpp"

namespace guildfleet::net {
namespace {

task<> wait_and_tell(async_event& event, std::vector<std::string>& told) {
  told.emplace_back(co_await event.wait(no_deadline()) ? "notified" : "stopped");
}

task<> throw_bug() {
  throw std::logic_error("a bug");
  co_return;
}

task<> wait_twice(std::vector<std::string>& told) {
  told.emplace_back(co_await sleep_until(no_deadline()) ? "slept" : "stopped");
  told.emplace_back(co_await sleep_until(no_deadline()) ? "slept" : "stopped");
}

task<> say_goodbye(std::vector<std::string>& told) {
  (void)co_await sleep_until(no_deadline());
  co_await asio::this_coro::reset_cancellation_state();
  told.emplace_back(co_await sleep_until(deadline_in(std::chrono::milliseconds(1))) ? "goodbye said"
                                                                                    : "stopped");
}

TEST(task_group, cancel_stops_every_member_and_join_waits_for_them) {
  asio::io_context context;
  std::vector<std::string> told;
  async_event never(context.get_executor());
  task_group group(context.get_executor());
  run_to_end(context, [&]() -> task<> {
    group.spawn("event", wait_and_tell(never, told));
    group.spawn("sleep", wait_twice(told));
    EXPECT_EQ(group.size(), 2U);
    group.close();
    group.cancel();
    co_await group.join();
    EXPECT_EQ(group.size(), 0U);
  }());
  EXPECT_EQ(told, (std::vector<std::string>{"stopped", "stopped", "stopped"}));
}

TEST(task_group, a_cancelled_member_may_still_say_goodbye) {
  asio::io_context context;
  std::vector<std::string> told;
  task_group group(context.get_executor());
  run_to_end(context, [&]() -> task<> {
    group.spawn("polite", say_goodbye(told));
    co_await asio::post(context, asio::use_awaitable);
    group.cancel();
    co_await group.join();
  }());
  EXPECT_EQ(told, (std::vector<std::string>{"goodbye said"}));
}

TEST(task_group, a_crash_is_reported_and_the_others_go_on) {
  asio::io_context context;
  std::vector<std::string> told;
  async_event event(context.get_executor());
  task_group group(context.get_executor(), [&](const std::string& name, const std::string& what) {
    told.push_back(name + ": " + what);
  });
  run_to_end(context, [&]() -> task<> {
    group.spawn("healthy", wait_and_tell(event, told));
    group.spawn("broken", throw_bug());
    while (told.empty()) co_await asio::post(context, asio::use_awaitable);
    EXPECT_EQ(group.size(), 1U);
    event.notify();
    co_await group.join();
  }());
  EXPECT_EQ(told, (std::vector<std::string>{"broken: a bug", "notified"}));
}

TEST(task_group, refuses_members_after_close) {
  asio::io_context context;
  std::vector<std::string> told;
  task_group group(context.get_executor());
  group.close();
  group.spawn("late", wait_twice(told));
  EXPECT_EQ(group.size(), 0U);
}

TEST(async_event, remembers_one_notification_and_honours_the_deadline) {
  asio::io_context context;
  async_event event(context.get_executor());
  event.notify();
  event.notify();
  run_to_end(context, [&]() -> task<> {
    EXPECT_TRUE(co_await event.wait(no_deadline()));
    EXPECT_FALSE(co_await event.wait(deadline_in(std::chrono::milliseconds(1))));
  }());
}

TEST(async_event, wakes_all_waiters_each_with_its_own_deadline) {
  asio::io_context context;
  std::vector<std::string> told;
  async_event event(context.get_executor());
  task_group group(context.get_executor());
  run_to_end(context, [&]() -> task<> {
    group.spawn("one", wait_and_tell(event, told));
    group.spawn("two", wait_and_tell(event, told));
    EXPECT_FALSE(co_await event.wait(deadline_in(std::chrono::milliseconds(1))));
    event.notify();
    co_await group.join();
  }());
  EXPECT_EQ(told, (std::vector<std::string>{"notified", "notified"}));
}

TEST(async_event, destruction_wakes_the_waiters_with_false) {
  asio::io_context context;
  std::vector<std::string> told;
  auto event = std::make_unique<async_event>(context.get_executor());
  task_group group(context.get_executor());
  run_to_end(context, [&]() -> task<> {
    group.spawn("one", wait_and_tell(*event, told));
    for (int i = 0; i < 3; ++i) co_await asio::post(context, asio::use_awaitable);
    event.reset();
    co_await group.join();
  }());
  EXPECT_EQ(told, (std::vector<std::string>{"stopped"}));
}

TEST(reactor, runs_what_is_posted_on_its_own_thread_and_proves_that_it_turns) {
  reactor loop("a name longer than the system takes");
  std::promise<std::thread::id> where;
  asio::post(loop.executor(), [&] { where.set_value(std::this_thread::get_id()); });
  EXPECT_NE(where.get_future().get(), std::this_thread::get_id());
  EXPECT_LT(loop.last_turn_age(), std::chrono::seconds(20));
}

TEST(reactor, survives_a_handler_that_throws) {
  reactor loop("throws");
  std::promise<void> alive;
  asio::post(loop.executor(), [] { throw std::logic_error("a bug"); });
  asio::post(loop.executor(), [&] { alive.set_value(); });
  EXPECT_EQ(alive.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

}  // namespace
}  // namespace guildfleet::net
