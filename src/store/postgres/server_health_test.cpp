// What the doctor is told of a real server.
#include <algorithm>
#include <gmock/gmock.h>
#include <thread>

#include "store/error.hpp"
#include "store/health.hpp"
#include "store/postgres/migrations.hpp"
#include "store/postgres/transaction.hpp"
#include "support/eventually.hpp"
#include "support/postgres_server.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using support::eventually;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class postgres_health_look : public testing::Test {
 protected:
  [[nodiscard]] postgres_health look() {
    auto seen = look_at_health_of_postgres(base::secret(support::shared_postgres().url(database)), clock);
    EXPECT_TRUE(seen) << seen.error().message();
    return seen ? *std::move(seen) : postgres_health{};
  }
  [[nodiscard]] std::unique_ptr<sql_session> session(const std::string& name) const {
    const base::secret url(support::shared_postgres().url(database));
    return sql_session::connect(*connection_target::parse(url, name)).value();
  }

  std::string database = support::shared_postgres().make_database();
  base::system_clock clock;
};

TEST_F(postgres_health_look, tells_version_latency_and_limits) {
  const postgres_health seen = look();
  EXPECT_GE(seen.version_number, 130'000);
  EXPECT_THAT(seen.version, HasSubstr(std::to_string(seen.version_number / 10'000)));
  EXPECT_GT(seen.latency.count(), 0);
  EXPECT_LT(seen.latency, 1s);
  EXPECT_GT(seen.max_connections, seen.reserved);
  EXPECT_FALSE(seen.in_recovery);
  EXPECT_EQ(seen.role_limit, std::nullopt);
  EXPECT_LT(std::chrono::abs(seen.clock_ahead), 1s) << "the server is this machine";
  EXPECT_THAT(seen.place, Not(HasSubstr("canary")));
}

TEST_F(postgres_health_look, counts_connections_by_who_has_them) {
  const auto one = session("garden@one");
  const auto two = session("garden@one");
  const postgres_health seen = look();
  const auto found = std::ranges::find(seen.by_application, "garden@one", &connection_use::application);
  ASSERT_NE(found, seen.by_application.end());
  EXPECT_EQ(found->total, 2U);
  EXPECT_GE(seen.used, 3U) << "those and the doctor's own";
}

TEST_F(postgres_health_look, finds_who_waits_for_whose_lock) {
  const auto holder = session("forgetful");
  holder->script("CREATE SCHEMA guildfleet; CREATE TABLE guildfleet.job(id integer)");
  holder->script("BEGIN; LOCK TABLE guildfleet.job");
  std::thread waiter([other = session("patient")] { other->script("SELECT count(*) FROM guildfleet.job"); });
  postgres_health seen;
  EXPECT_TRUE(eventually(10s, [&] {
    seen = look();
    return !seen.blocked.empty();
  }));
  holder->script("ROLLBACK");
  waiter.join();
  ASSERT_FALSE(seen.blocked.empty());
  EXPECT_EQ(seen.blocked.front().application, "patient");
  EXPECT_EQ(seen.blocked.front().blocker, "forgetful");
  EXPECT_EQ(seen.blocked.front().blocker_state, "idle in transaction");
  ASSERT_FALSE(seen.transactions.empty());
  EXPECT_EQ(seen.transactions.front().application, "forgetful");
  EXPECT_EQ(seen.transactions.front().state, "idle in transaction");
  EXPECT_THAT(look().transactions, IsEmpty());
}

TEST_F(postgres_health_look, tells_the_age_of_a_wait_not_of_its_statement) {
  const auto holder = session("forgetful");
  holder->script("CREATE TABLE job(id integer)");
  holder->script("BEGIN; LOCK TABLE job");
  std::thread waiter([other = session("patient")] {
    other->script("DO $$ BEGIN PERFORM pg_sleep(2); PERFORM count(*) FROM job; END $$");
  });
  postgres_health seen;
  EXPECT_TRUE(eventually(10s, [&] {
    seen = look();
    return !seen.blocked.empty();
  }));
  holder->script("ROLLBACK");
  waiter.join();
  ASSERT_FALSE(seen.blocked.empty());
  EXPECT_TRUE(seen.tells_waits);
  EXPECT_LT(seen.blocked.front().waits, 1'500ms) << "the statement has run for two seconds";
}

TEST_F(postgres_health_look, takes_a_prepared_transaction_for_no_session) {
  support::postgres_server server("max_prepared_transactions = 2");
  server.run("CREATE TABLE job(id integer)");
  server.run("BEGIN; LOCK TABLE job; PREPARE TRANSACTION 'forgotten'");
  std::thread waiter([&] { server.run("SELECT count(*) FROM job"); });
  std::optional<postgres_health> seen;
  EXPECT_TRUE(eventually(10s, [&] {
    seen = look_at_health_of_postgres(base::secret(server.url("postgres")), clock).value();
    return !seen->blocked.empty();
  }));
  server.run("ROLLBACK PREPARED 'forgotten'");
  waiter.join();
  ASSERT_EQ(seen->blocked.size(), 1U);
  EXPECT_EQ(seen->blocked.front().blocker_pid, 0);
}

TEST_F(postgres_health_look, counts_dead_rows_of_the_fleets_own_tables) {
  const auto work = session("worker");
  work->script(
      "CREATE SCHEMA guildfleet; CREATE TABLE guildfleet.leases(id integer) WITH (autovacuum_enabled = off); "
      "CREATE TABLE others(id integer)");
  work->script("INSERT INTO guildfleet.leases SELECT generate_series(1, 1000)");
  work->script("ANALYZE guildfleet.leases");
  work->script("UPDATE guildfleet.leases SET id = id + 1");
  postgres_health seen;
  EXPECT_TRUE(eventually(10s, [&] {
    seen = look();
    return !seen.tables.empty() && seen.tables.front().dead == 1'000;
  }));
  ASSERT_EQ(seen.tables.size(), 1U);
  EXPECT_EQ(seen.tables.front().name, "leases");
  EXPECT_GT(seen.tables.front().bytes, 0U);
  EXPECT_EQ(seen.tables.front().since_vacuum, std::nullopt);
  EXPECT_TRUE(seen.autovacuum);
}

TEST_F(postgres_health_look, tells_limits_of_the_role_and_what_it_may_not_see) {
  support::shared_postgres().run("CREATE ROLE narrow LOGIN PASSWORD 'x' CONNECTION LIMIT 7");
  const auto other = session("hidden");
  const auto seen =
      look_at_health_of_postgres(base::secret(fmt::format("postgresql://narrow:x@127.0.0.1:{}/{}",
                                                          support::shared_postgres().port(), database)),
                                 clock);
  ASSERT_TRUE(seen) << seen.error().message();
  EXPECT_EQ(seen->role_limit, 7U);
  EXPECT_FALSE(seen->sees_all);
  const auto found = std::ranges::find(seen->by_application, "hidden", &connection_use::application);
  EXPECT_NE(found, seen->by_application.end()) << "names are shown to everybody";
}

TEST_F(postgres_health_look, says_why_there_is_no_answer) {
  const auto nobody = look_at_health_of_postgres(
      base::secret("postgresql://keeper:canary-77@127.0.0.1:9/nothing?connect_timeout=2"), clock);
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code(), make_error_code(store_error::unreachable)) << nobody.error().message();
  EXPECT_THAT(nobody.error().message(), Not(HasSubstr("canary-77")));
  const auto refused =
      look_at_health_of_postgres(base::secret(fmt::format("postgresql://keeper:canary-78@127.0.0.1:{}/{}",
                                                          support::shared_postgres().port(), database)),
                                 clock);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), make_error_code(store_error::refused)) << refused.error().message();
  EXPECT_THAT(refused.error().message(), Not(HasSubstr("canary-78")));
}

}  // namespace
}  // namespace guildfleet::store
