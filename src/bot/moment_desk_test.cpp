#include "bot/moment_desk.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdexcept>

namespace guildfleet::bot {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr discord::guild_id guild{1};
constexpr discord::guild_id elsewhere{2};

class moments : public testing::Test {
 protected:
  bool after(std::chrono::milliseconds wait, const std::string& name, const std::string& what,
             discord::guild_id of = guild) {
    return link.after(wait, of, name, [this, what] { return note(what); });
  }
  net::task<> note(std::string what) {
    if (what == "throws") throw std::runtime_error(what);
    done.push_back(std::move(what));
    co_return;
  }
  // Until all that waits is over.
  void run_all() {
    net::asio::co_spawn(
        context,
        [](moments& self) -> net::task<> {
          (void)co_await net::sleep_until(net::deadline_in(40ms));
          self.waiting.cancel();
        }(*this),
        net::asio::detached);
    context.run();
  }

  net::asio::io_context context;
  base::system_clock clock;
  base::metrics metrics;
  base::counter failures = metrics.counter_of("failures", "Of handlers", {});
  net::task_group waiting{context.get_executor()};
  net::task_group handlers{context.get_executor()};
  moment_desk desk{
      context.get_executor(),
      moment_parts{waiting, handlers, clock, failures,
                   [](discord::guild_id of, std::size_t) { return of == guild; }, base::logger::root()}};
  moment_link link{desk, 0};
  std::vector<std::string> done;
};

TEST_F(moments, run_in_the_order_in_which_they_are_due) {
  EXPECT_TRUE(after(3ms, "c", "third"));
  EXPECT_TRUE(after(0ms, "a", "first"));
  EXPECT_TRUE(after(1ms, "b", "second"));
  EXPECT_LE(link.due_in(guild, "c").value(), 3ms);
  EXPECT_EQ(link.due_in(elsewhere, "c"), std::nullopt);
  run_all();
  EXPECT_THAT(done, ElementsAre("first", "second", "third"));
  EXPECT_EQ(link.due_in(guild, "c"), std::nullopt);
}

TEST_F(moments, begin_at_once_where_nothing_comes_later) {
  after(900ms, "a", "soon");
  after(5s, "b", "later");
  desk.hurry();
  run_all();
  EXPECT_THAT(done, ElementsAre("soon"));
  EXPECT_TRUE(link.due_in(guild, "b"));
}

TEST_F(moments, of_one_name_the_last_counts) {
  after(0ms, "a", "first");
  after(1ms, "a", "second");
  run_all();
  EXPECT_THAT(done, ElementsAre("second"));
}

TEST_F(moments, of_other_features_are_others) {
  moment_link other{desk, 1};
  after(0ms, "a", "own");
  other.after(1ms, guild, "a", [this] { return note("other's"); });
  other.cancel(guild, "b");
  run_all();
  EXPECT_THAT(done, ElementsAre("own", "other's"));
}

TEST_F(moments, do_not_run_once_cancelled_or_forgotten_or_where_nobody_acts) {
  after(0ms, "a", "cancelled");
  link.cancel(guild, "a");
  after(0ms, "b", "elsewhere", elsewhere);
  run_all();
  EXPECT_THAT(done, IsEmpty());
  after(0ms, "c", "forgotten");
  desk.forget_all();
  context.restart();
  run_all();
  EXPECT_THAT(done, IsEmpty());
}

TEST_F(moments, that_fail_are_counted_and_stop_nothing) {
  after(0ms, "a", "throws");
  after(1ms, "b", "goes on");
  run_all();
  EXPECT_THAT(done, ElementsAre("goes on"));
  EXPECT_THAT(metrics.expose(), testing::HasSubstr("failures 1"));
}

TEST_F(moments, are_bounded) {
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(after(1h, std::to_string(i), "x"));
  EXPECT_FALSE(after(1h, "one more", "x"));
  EXPECT_TRUE(after(1h, "7", "in its place"));
}

}  // namespace
}  // namespace guildfleet::bot
