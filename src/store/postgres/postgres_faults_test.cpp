#include <atomic>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "store/error.hpp"
#include "store/postgres/change_listener.hpp"
#include "store/postgres/postgres_store.hpp"
#include "store/postgres/sql_session.hpp"
#include "support/eventually.hpp"
#include "support/pgbouncer.hpp"
#include "support/redis_server.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

const lease_key shard{{"music"}, {0, 1}};

// A server of this suite's own: it is killed and frozen.
support::postgres_server& server() {
  static support::postgres_server own("superuser_reserved_connections = 0");
  return own;
}

class postgres_faults : public testing::Test {
 protected:
  postgres_settings settings(const std::string& url) const {
    return {.url = base::secret(url),
            .node = {"alpha", 1},
            .application_name = "faults",
            .connections = 2,
            .call_timeout = 1500ms,
            .lock_timeout = 300ms};
  }
  opened_store open(const std::string& url) {
    auto opened = open_postgres_store(settings(url), clock, base::random_source(1));
    if (!opened) throw std::runtime_error(opened.error().message());
    return *std::move(opened);
  }
  opened_store open() { return open(server().url(database)); }

  // One read and one write.
  static base::result<void> use(const opened_store& store) {
    if (auto read = store.sessions->load(shard); !read) return std::unexpected(read.error());
    if (auto written = store.sessions->acquire(shard, 15s); !written) return std::unexpected(written.error());
    return {};
  }
  static base::error failure_of(const opened_store& store) {
    const auto used = use(store);
    EXPECT_FALSE(used);
    const base::error failure = used ? base::error(store_error::failed) : used.error();
    EXPECT_THAT(failure.message(), Not(HasSubstr("canary")));
    return failure;
  }
  static bool recovers(const opened_store& store) {
    return support::eventually(5s, [&] { return use(store).has_value(); });
  }

  base::system_clock clock;
  std::string database = server().make_database();
};

TEST_F(postgres_faults, a_killed_server_is_an_error_and_its_return_is_noticed) {
  const auto store = open();
  ASSERT_TRUE(use(store));
  server().kill();
  EXPECT_EQ(failure_of(store).code(), store_error::unreachable);
  EXPECT_EQ(failure_of(store).code(), store_error::unreachable);
  server().start();
  EXPECT_TRUE(recovers(store));
}

TEST_F(postgres_faults, a_restart_between_two_calls_is_not_noticed) {
  const auto store = open();
  ASSERT_TRUE(use(store));
  server().stop();
  server().start();
  const auto used = use(store);
  EXPECT_TRUE(used) << used.error().message();
}

TEST_F(postgres_faults, connections_closed_at_rest_are_replaced) {
  const auto store = open();
  ASSERT_TRUE(use(store));
  server().run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'faults'");
  const auto used = use(store);
  EXPECT_TRUE(used) << used.error().message();
}

TEST_F(postgres_faults, a_frozen_server_costs_a_call_no_more_than_its_time_limit) {
  const auto store = open();
  ASSERT_TRUE(use(store));
  server().freeze();
  const auto begun = clock.steady_now();
  EXPECT_EQ(failure_of(store).code(), store_error::unreachable);
  EXPECT_LT(clock.steady_now() - begun, 4s);
  server().thaw();
  EXPECT_TRUE(recovers(store));
}

TEST_F(postgres_faults, a_server_that_is_full_says_so_and_later_lets_us_in) {
  const auto store = open();
  server().stop();
  server().start();
  const auto target = connection_target::parse(base::secret(server().url(database)), "crowd").value();
  std::vector<std::unique_ptr<sql_session>> crowd;
  while (auto session = sql_session::connect(target)) crowd.push_back(*std::move(session));
  const base::error failure = failure_of(store);
  EXPECT_EQ(failure.code(), store_error::refused);
  EXPECT_THAT(failure.message(), HasSubstr("max_connections"));
  crowd.clear();
  EXPECT_TRUE(recovers(store));
}

TEST_F(postgres_faults, a_server_that_became_read_only_is_told_apart_and_its_return_noticed) {
  const auto store = open();
  ASSERT_TRUE(use(store));
  server().run("ALTER SYSTEM SET default_transaction_read_only = on");
  server().run("SELECT pg_reload_conf()");
  ASSERT_TRUE(support::eventually(5s, [&] { return !use(store).has_value(); }));
  EXPECT_EQ(failure_of(store).code(), store_error::read_only);
  EXPECT_TRUE(store.sessions->load(shard)) << "reads go on";
  server().run("ALTER SYSTEM RESET default_transaction_read_only");
  server().run("SELECT pg_reload_conf()");
  EXPECT_TRUE(recovers(store));
}

TEST_F(postgres_faults, a_lock_held_by_another_ends_the_call_and_nothing_else) {
  const auto store = open();
  ASSERT_TRUE(use(store));
  const auto other =
      sql_session::connect(connection_target::parse(base::secret(server().url(database)), "other").value())
          .value();
  other->script("BEGIN; LOCK TABLE guildfleet.lease IN SHARE MODE");
  EXPECT_EQ(failure_of(store).code(), store_error::busy);
  EXPECT_TRUE(store.sessions->load(shard));
  other->script("ROLLBACK");
  EXPECT_TRUE(use(store));
}

TEST_F(postgres_faults, a_connection_lost_at_commit_leaves_the_outcome_open) {
  const auto store = open();
  server().run(
      "CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$; "
      "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON guildfleet.lease "
      "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION leave()",
      database);
  EXPECT_EQ(failure_of(store).code(), store_error::outcome_unknown);
}

TEST_F(postgres_faults, what_a_deadlock_undid_is_done_again) {
  const auto store = open();
  server().run(
      "CREATE SEQUENCE tries; CREATE FUNCTION deadlock() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "IF nextval('public.tries') < 3 THEN RAISE deadlock_detected; END IF; RETURN NEW; END $$; "
      "CREATE TRIGGER twice BEFORE INSERT ON guildfleet.lease FOR EACH ROW EXECUTE FUNCTION deadlock()",
      database);
  const auto used = use(store);
  EXPECT_TRUE(used) << used.error().message();
}

TEST_F(postgres_faults, a_pooler_survives_the_same) {
  const support::pgbouncer pooler(server());
  const auto store = open(pooler.url(database));
  ASSERT_TRUE(use(store));
  server().kill();
  EXPECT_THAT(failure_of(store).code(), testing::AnyOf(make_error_code(store_error::unreachable),
                                                       make_error_code(store_error::timed_out)));
  server().start();
  EXPECT_TRUE(recovers(store));
}

TEST_F(postgres_faults, goes_to_the_host_that_accepts_writes) {
  const auto store =
      open(fmt::format("postgresql://{}:{}@127.0.0.1:{},127.0.0.1:{}/{}?target_session_attrs=read-write",
                       support::postgres_server::user, support::postgres_server::url_password,
                       support::free_port(), server().port(), database));
  EXPECT_TRUE(use(store));
}

TEST_F(postgres_faults, no_error_of_a_login_holds_the_password) {
  const std::string where = fmt::format("127.0.0.1:{}/{}", server().port(), database);
  for (const std::string& url :
       std::vector<std::string>{"postgresql://keeper:canary@" + where, "postgresql://nobody:canary@" + where,
                                "postgresql://keeper:canary@" + where + "_missing",
                                std::string("postgresql://keeper:canary@127.0.0.1:1/bots"),
                                std::string("postgresql://keeper:canary@nowhere.invalid/bots"),
                                "postgresql://keeper:canary@" + where + "?canary=1",
                                "postgresql://keeper:canary@" + where + "?sslmode=require",
                                "postgresql://keeper:canary%@" + where}) {
    const auto refused = open_postgres_store(settings(url), clock, base::random_source(1));
    ASSERT_FALSE(refused) << url;
    EXPECT_THAT(refused.error().message(), Not(HasSubstr("canary"))) << url;
  }
}

TEST_F(postgres_faults, tls_is_verified_as_the_url_asks) {
  const std::string authority = server().enable_tls();
  const std::string other = server().other_authority();
  const std::string url = server().url(database);
  EXPECT_TRUE(use(open(url + "?sslmode=require")));
  EXPECT_TRUE(use(open(url + "?sslmode=verify-full&sslrootcert=" + authority)));
  const auto refused = open_postgres_store(settings(url + "?sslmode=verify-full&sslrootcert=" + other), clock,
                                           base::random_source(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), store_error::refused) << refused.error().message();
}

TEST_F(postgres_faults, a_listener_notices_a_frozen_server_and_its_return) {
  std::atomic<int> resyncs = 0;
  const auto listener = change_listener::start(
      {.url = base::secret(server().url(database)),
       .application_name = "listener",
       .check_every = 100ms,
       .answer_within = 200ms},
      [&](const change_note& note) {
        if (std::holds_alternative<resync_needed>(note)) ++resyncs;
      },
      base::random_source(1), base::logger::root());
  ASSERT_TRUE(support::eventually(5s, [&] { return resyncs == 1; }));
  server().freeze();
  // By its own checks the connection is given up; thawed, the server is found again.
  ASSERT_TRUE(support::eventually(5s, [&] { return listener.value()->connected() == false; }));
  server().thaw();
  EXPECT_TRUE(support::eventually(8s, [&] { return resyncs == 2; }));
}

}  // namespace
}  // namespace guildfleet::store
