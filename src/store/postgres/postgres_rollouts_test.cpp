#include <functional>
#include <gmock/gmock.h>
#include <thread>

#include "support/eventually.hpp"
#include "support/postgres_by_hand.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;

const bot_name music{"music"};

class postgres_rollouts : public support::postgres_by_hand {
 protected:
  // What a start of ours finds that has to wait for another's transaction, which then ends.
  start_outcome start_behind(sql_session& other, const std::string& statements) {
    auto a = open({"alpha", 1});
    other.script("BEGIN; " + statements);
    base::result<start_outcome> outcome = start_outcome{};
    std::thread ours([&] { outcome = a->start_rollout(music, "ours", {}); });
    auto watcher = session();
    EXPECT_TRUE(support::eventually(5s, [&] {
      return watcher->exec("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                 .integer(0, 0) > 0;
    }));
    other.script("COMMIT");
    ours.join();
    return outcome.value();
  }
};

TEST_F(postgres_rollouts, of_two_that_start_at_once_one_learns_of_the_other) {
  auto other = session();
  const auto outcome =
      start_behind(*other,
                   "INSERT INTO guildfleet.rollout(bot, version, state, active, started_ms, changed_ms) "
                   "VALUES ('music', 1, 'theirs', true, 0, 0)");
  ASSERT_TRUE(std::holds_alternative<already_active>(outcome));
  EXPECT_EQ(std::get<already_active>(outcome).row.state, "theirs");
}

TEST_F(postgres_rollouts, one_that_ends_at_this_moment_is_not_in_the_way_of_the_next) {
  auto b = open({"beta", 2});
  ASSERT_TRUE(b->start_rollout(music, "theirs", {}));
  auto other = session();
  const auto outcome = start_behind(*other, "UPDATE guildfleet.rollout SET active = false");
  ASSERT_TRUE(std::holds_alternative<rollout_row>(outcome));
  EXPECT_EQ(b->newest_rollout(music).value()->state, "ours");
}

TEST_F(postgres_rollouts, old_samples_that_somebody_else_is_at_are_not_waited_for) {
  auto a = open({"alpha", 1});
  const release_sample sample{.bot = music, .node = {"alpha", 1}, .release = "0.2.0", .figures = "{}"};
  ASSERT_TRUE(a->write_sample(sample));
  database.advance(2h);
  {
    auto holder = session();
    holder->script("BEGIN; SELECT 1 FROM guildfleet.release_sample FOR UPDATE");
    ASSERT_TRUE(a->write_sample(sample));
    EXPECT_THAT(a->samples(music, 24h).value(), testing::SizeIs(2));
  }
  const auto old_ones = [&] {
    return session()
        ->exec("SELECT count(*) FROM guildfleet.release_sample WHERE at_ms < guildfleet.store_ms() - 3600000")
        .integer(0, 0);
  };
  EXPECT_TRUE(support::eventually(5s, [&] { return a->write_sample(sample) && old_ones() == 0; }));
}

}  // namespace
}  // namespace guildfleet::store
