#include "bot/shared_rate.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "net/test_support.hpp"
#include "store/redis/redis_error.hpp"

namespace guildfleet::bot {
namespace {

using namespace std::chrono_literals;

// What Redis would do, for all who ask: a fixed number of requests, and silence when it is switched off.
struct ledger {
  std::uint32_t left = 50;
  bool silent = false;
  int asked = 0;

  static net::task<base::result<store::request_grant>> reserve(ledger& from, std::uint32_t wanted) {
    ++from.asked;
    if (from.silent) co_return base::fail(store::redis_error::away, "here");
    const std::uint32_t granted = std::min(wanted, from.left);
    from.left -= granted;
    co_return store::request_grant{granted, granted < wanted ? 1h : 0ms};
  }
};

class shared_rate_of_two_nodes : public testing::Test {
 protected:
  std::unique_ptr<shared_rate> make(reserve_requests reserve) {
    return std::make_unique<shared_rate>(
        context.get_executor(), store::bot_name{"music"}, shared_rate_settings{.window = 1ms},
        std::move(reserve), [this](int limit) { limits.push_back(limit); }, base::logger::root());
  }
  reserve_requests through(ledger& from) {
    return [&from](store::bot_name, std::uint32_t wanted) { return ledger::reserve(from, wanted); };
  }
  static net::task<> ask(shared_rate& rate, base::steady_time deadline, int& passed, int& refused) {
    (co_await rate.pass(deadline) ? passed : refused) += 1;
  }
  void ask(shared_rate& rate, int times, std::chrono::milliseconds patience) {
    net::task_group callers(context.get_executor());
    for (int i = 0; i < times; ++i) {
      callers.spawn("caller", ask(rate, std::chrono::steady_clock::now() + patience, passed, refused));
    }
    context.restart();
    const int all = passed + refused + times;
    while (passed + refused < all && context.run_one_for(patience + 1s) > 0) {
    }
  }

  net::asio::io_context context{1};
  std::vector<int> limits;
  int passed = 0;
  int refused = 0;
};

TEST_F(shared_rate_of_two_nodes, together_pass_no_more_than_redis_grants) {
  ledger redis;
  const auto a = make(through(redis));
  const auto b = make(through(redis));
  ask(*a, 40, 10ms);
  ask(*b, 40, 10ms);
  EXPECT_EQ(passed, 50);
  EXPECT_EQ(refused, 30);
  a->close();
  b->close();
}

TEST_F(shared_rate_of_two_nodes, callers_of_one_moment_are_reserved_together) {
  ledger redis;
  const auto rate = make(through(redis));
  ask(*rate, 30, 1s);
  EXPECT_EQ(passed, 30);
  EXPECT_LE(redis.asked, 2);
  rate->close();
}

TEST_F(shared_rate_of_two_nodes, without_redis_each_keeps_to_its_part) {
  const auto rate = make({});
  rate->on_shards(1, 4);
  rate->on_shards(4, 4);
  EXPECT_EQ(limits, (std::vector<int>{12, 50}));
  ask(*rate, 3, 1s);
  EXPECT_EQ(passed, 3);
  rate->close();
}

TEST_F(shared_rate_of_two_nodes, while_redis_is_silent_each_keeps_to_its_part) {
  ledger redis;
  const auto rate = make(through(redis));
  rate->on_shards(1, 2);
  ask(*rate, 1, 1s);
  redis.silent = true;
  ask(*rate, 5, 1s);
  const int asked = redis.asked;
  ask(*rate, 5, 1s);
  EXPECT_EQ(passed, 11);
  EXPECT_EQ(redis.asked, asked) << "it is not asked for each request while it is away";
  EXPECT_EQ(limits, (std::vector<int>{25, 50, 25}));
  rate->close();
}

TEST_F(shared_rate_of_two_nodes, closing_it_refuses_those_who_wait) {
  ledger redis{.left = 0};
  const auto rate = make(through(redis));
  net::task_group callers(context.get_executor());
  callers.spawn("caller", ask(*rate, base::steady_time::max(), passed, refused));
  context.run_for(10ms);
  rate->close();
  context.run_for(10ms);
  EXPECT_EQ(refused, 1);
}

}  // namespace
}  // namespace guildfleet::bot
