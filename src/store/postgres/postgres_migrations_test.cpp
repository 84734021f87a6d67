#include <array>
#include <gmock/gmock.h>
#include <thread>

#include "store/error.hpp"
#include "store/postgres/migrations.hpp"
#include "store/postgres/transaction.hpp"
#include "store/schema_look.hpp"
#include "support/postgres_server.hpp"

namespace guildfleet::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr migration first_step{.version = 1, .sql = "CREATE TABLE guildfleet.pages(id integer)"};
constexpr migration second_step{.version = 2, .sql = "ALTER TABLE guildfleet.pages ADD title text"};
constexpr migration contracting_step{
    .version = 2, .readable_from = 2, .sql = "ALTER TABLE guildfleet.pages DROP id, ADD title text"};

class postgres_migrations : public testing::Test {
 protected:
  base::result<void> migrate(std::span<const migration> steps) {
    return migrate_postgres(pool, std::array{component_tables{.component = "pages", .migrations = steps}});
  }
  std::vector<schema_version> versions() { return read_schema_versions(pool).value(); }

  static connection_target target_of(const std::string& database) {
    return connection_target::parse(base::secret(support::shared_postgres().url(database)), "migrations")
        .value();
  }

  std::string database = support::shared_postgres().make_database();
  base::system_clock clock;
  connection_pool pool{target_of(database), {}, clock, base::random_source(1)};
};

TEST_F(postgres_migrations, make_what_is_missing_and_then_nothing) {
  EXPECT_THAT(versions(), IsEmpty());
  ASSERT_TRUE(migrate(std::array{first_step}));
  EXPECT_THAT(versions(), ElementsAre(schema_version{"pages", 1, 1}));
  ASSERT_TRUE(migrate(std::array{first_step, second_step}));
  ASSERT_TRUE(migrate(std::array{first_step, second_step}));
  EXPECT_THAT(versions(), ElementsAre(schema_version{"pages", 2, 1}));
}

TEST_F(postgres_migrations, a_look_changes_nothing_and_tells_how_far_the_tables_are) {
  const auto look = [&] {
    return look_at_postgres(base::secret(support::shared_postgres().url(database)), clock).value();
  };
  EXPECT_EQ(look().state, schema_state::absent);
  EXPECT_EQ(look().state, schema_state::absent) << "the first look made nothing";
  const int known = look().known;
  ASSERT_TRUE(migrate_postgres(pool, std::array{store_component()}));
  EXPECT_EQ(look().state, schema_state::current);
  EXPECT_GT(look().bytes, 0U);
  const auto later_release = [&](int version, int readable_from) {
    return run_call(pool, call_kind::write, [&](sql_transaction& in) {
      in.exec(
          "INSERT INTO guildfleet.schema_migration(component, version, readable_from) VALUES ($1, $2, $3)",
          sql_params().text(store_component().component).integer(version).integer(readable_from));
    });
  };
  ASSERT_TRUE(later_release(known + 1, 1));
  EXPECT_EQ(look().state, schema_state::newer);
  ASSERT_TRUE(later_release(known + 2, known + 1));
  EXPECT_EQ(look().state, schema_state::unreadable);
  EXPECT_EQ(look().found, known + 2);
}

TEST_F(postgres_migrations, two_nodes_may_start_at_once) {
  connection_pool other(target_of(database), {}, clock, base::random_source(2));
  // A step that cannot be made twice, and is slow enough to meet the other node.
  constexpr migration slow{.version = 1,
                           .sql = "CREATE TABLE guildfleet.pages(id integer); SELECT pg_sleep(0.2)"};
  const auto run = [&](connection_pool& on) {
    return migrate_postgres(on, std::array{component_tables{.component = "pages", .migrations = {&slow, 1}}});
  };
  base::result<void> theirs;
  std::thread neighbour([&] { theirs = run(other); });
  const auto ours = run(pool);
  neighbour.join();
  EXPECT_TRUE(ours) << ours.error().message();
  EXPECT_TRUE(theirs) << theirs.error().message();
  EXPECT_THAT(versions(), ElementsAre(schema_version{"pages", 1, 1}));
}

TEST_F(postgres_migrations, waits_no_longer_than_it_may_for_another_node) {
  const auto held = run_call(pool, call_kind::write, [&](sql_transaction& in) {
    in.exec("SELECT pg_advisory_xact_lock($1)", sql_params().integer(0x6775'696c'6466'6c74));
    return migrate_postgres(
        pool, std::array{component_tables{.component = "pages", .migrations = {&first_step, 1}}},
        {.wait = std::chrono::milliseconds(50), .work = std::chrono::seconds(5)});
  });
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code(), store_error::busy);
}

TEST_F(postgres_migrations, a_step_that_fails_leaves_nothing_behind) {
  constexpr migration broken{.version = 2,
                             .sql = "CREATE TABLE guildfleet.half(id integer); SELECT no_such_thing()"};
  const auto failed = migrate(std::array{first_step, broken});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code(), store_error::migration_failed);
  EXPECT_THAT(failed.error().message(), HasSubstr("pages to version 2"));
  EXPECT_THAT(versions(), ElementsAre(schema_version{"pages", 1, 1}));
  EXPECT_TRUE(migrate(std::array{first_step, second_step})) << "nothing is in the way of the mended step";
}

TEST_F(postgres_migrations, an_older_release_works_with_what_was_only_extended) {
  ASSERT_TRUE(migrate(std::array{first_step, second_step}));
  EXPECT_TRUE(migrate(std::array{first_step}));
}

TEST_F(postgres_migrations, an_older_release_refuses_what_it_cannot_read) {
  ASSERT_TRUE(migrate(std::array{first_step, contracting_step}));
  const auto refused = migrate(std::array{first_step});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), store_error::newer_schema);
  EXPECT_THAT(refused.error().message(), HasSubstr("readable from version 2 on; this release knows 1"));
}

TEST_F(postgres_migrations, another_programs_schema_is_left_alone) {
  support::shared_postgres().run("CREATE SCHEMA guildfleet; CREATE TABLE guildfleet.theirs(id integer)",
                                 database);
  const auto refused = migrate(std::array{first_step});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), store_error::not_a_store);
}

TEST_F(postgres_migrations, a_migrated_database_opens_read_only) {
  ASSERT_TRUE(migrate(std::array{first_step}));
  support::shared_postgres().run("ALTER DATABASE " + database + " SET default_transaction_read_only = on",
                                 database);
  connection_pool later(target_of(database), {}, clock, base::random_source(2));
  const std::array component{component_tables{.component = "pages", .migrations = {&first_step, 1}}};
  EXPECT_TRUE(migrate_postgres(later, component));
}

TEST_F(postgres_migrations, a_user_without_rights_is_told_what_is_missing) {
  support::shared_postgres().run("DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN PASSWORD 'g'", database);
  const auto guest = connection_target::parse(
      base::secret("postgresql://guest:g@127.0.0.1:" + std::to_string(support::shared_postgres().port()) +
                   "/" + database),
      "guest");
  connection_pool theirs(*guest, {}, clock, base::random_source(2));
  const auto refused = migrate_postgres(
      theirs, std::array{component_tables{.component = "pages", .migrations = {&first_step, 1}}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), store_error::refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("rights to create"));
}

}  // namespace
}  // namespace guildfleet::store
