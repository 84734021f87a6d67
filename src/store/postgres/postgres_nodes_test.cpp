#include <array>
#include <fmt/format.h>
#include <functional>
#include <gmock/gmock.h>
#include <thread>

#include "support/eventually.hpp"
#include "support/postgres_by_hand.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;

class postgres_nodes : public support::postgres_by_hand {
 protected:
  // Runs `call` while a session of ours has the lease of shard 1; in the middle of it the lease of shard 2 is
  // still to be had and that of shard 0 is not: rows are locked upwards.
  void expect_upward(const std::function<bool()>& call) {
    const auto lock = [](sql_session& in, int index) {
      in.exec(fmt::format("SELECT 1 FROM guildfleet.lease WHERE shard_index = {} FOR UPDATE NOWAIT", index));
    };
    auto holder = session();
    holder->script("BEGIN");
    lock(*holder, 1);
    bool done = false;
    std::thread neighbour([&] { done = call(); });
    auto watcher = session();
    EXPECT_TRUE(support::eventually(1s, [&] {
      return watcher->exec("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                 .integer(0, 0) > 0;
    }));
    EXPECT_NO_THROW(lock(*watcher, 2));
    EXPECT_ANY_THROW(lock(*watcher, 0));
    holder->script("COMMIT");
    neighbour.join();
    EXPECT_TRUE(done);
  }
  std::int64_t rows() { return session()->exec("SELECT count(*) FROM guildfleet.node").integer(0, 0); }
  const std::array<lease_key, 3> downwards{lease_key{{"music"}, {2, 3}}, lease_key{{"music"}, {1, 3}},
                                           lease_key{{"music"}, {0, 3}}};
};

TEST_F(postgres_nodes, leases_are_taken_renewed_and_given_up_in_one_order) {
  auto a = open({"alpha", 1});
  auto b = open({"beta", 2});
  ASSERT_TRUE(b->acquire_all(downwards, 1s));
  database.advance(1s);
  expect_upward([&] { return b->renew_all(downwards, 1s).has_value(); });
  database.advance(1s);
  expect_upward([&] { return a->acquire_all(downwards, 1s).has_value(); });
  expect_upward([&] { return a->release(downwards).has_value(); });
}

TEST_F(postgres_nodes, who_holds_on_to_a_lease_is_not_waited_for) {
  auto a = open({"alpha", 1});
  auto b = open({"beta", 2});
  ASSERT_TRUE(b->acquire(downwards[1], 1s));
  auto holder = session();
  holder->script("BEGIN; SELECT 1 FROM guildfleet.lease FOR UPDATE");
  const auto granted = a->acquire_all(downwards, 1s);
  ASSERT_TRUE(granted) << granted.error().message();
  EXPECT_THAT(*granted, testing::SizeIs(2));
}

TEST_F(postgres_nodes, nodes_gone_for_a_day_leave_no_row_and_are_not_waited_for) {
  auto a = open({"alpha", 1});
  auto b = open({"beta", 2});
  ASSERT_TRUE(a->attend({}, 15s));
  database.advance(15s + std::chrono::hours(24) - 1ms);
  ASSERT_TRUE(b->attend({}, 15s));
  EXPECT_EQ(rows(), 2);
  database.advance(1ms);
  {
    auto holder = session();
    holder->script("BEGIN; SELECT 1 FROM guildfleet.node WHERE name = 'alpha' FOR UPDATE");
    EXPECT_TRUE(b->attend({}, 15s));
    EXPECT_EQ(rows(), 2);
  }
  EXPECT_TRUE(support::eventually(1s, [&] { return b->attend({}, 15s) && rows() == 1; }));
}

}  // namespace
}  // namespace guildfleet::store
