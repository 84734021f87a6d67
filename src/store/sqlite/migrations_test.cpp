#include "store/sqlite/migrations.hpp"

#include <SQLiteCpp/Statement.h>
#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/scratch_folder.hpp"
#include "store/error.hpp"

namespace guildfleet::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::array release_1{migration{1, 1, "CREATE TABLE note(text TEXT)"}};
constexpr std::array release_2{release_1[0], migration{2, 1, "ALTER TABLE note ADD COLUMN author TEXT"}};
constexpr std::array contracted_3{release_2[0], release_2[1],
                                  migration{3, 2, "ALTER TABLE note DROP COLUMN text"}};
constexpr std::array broken_2{release_1[0],
                              migration{2, 1, "CREATE TABLE fresh(x); CREATE TABLE note(text TEXT)"}};

constexpr base::wall_time now{std::chrono::milliseconds(1)};

class sqlite_migrations : public testing::Test {
 protected:
  base::result<void> migrate(std::span<const migration> migrations, std::string_view component = "store") {
    return migrate_sqlite(database, file, std::array{component_tables{component, migrations}}, now);
  }
  void expect_error(const base::result<void>& outcome, store_error code) const {
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code(), code) << outcome.error().message();
  }

  base::scratch_folder directory;
  std::string file = directory / "store.sqlite";
  std::string copy = file + ".backup-v1";
  SQLite::Database database{file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
};

TEST_F(sqlite_migrations, create_a_fresh_file_without_a_copy) {
  ASSERT_TRUE(migrate(release_2));
  EXPECT_EQ(database.exec("INSERT INTO note(text, author) VALUES ('a', 'b')"), 1);
  EXPECT_FALSE(std::filesystem::exists(copy));
}

TEST_F(sqlite_migrations, run_once) {
  ASSERT_TRUE(migrate(release_2));
  ASSERT_TRUE(migrate(release_2));
}

TEST_F(sqlite_migrations, copy_the_older_file_first_for_its_owner_only) {
  ASSERT_TRUE(migrate(release_1));
  database.exec("INSERT INTO note VALUES ('kept')");
  ASSERT_TRUE(migrate(release_2));
  EXPECT_EQ(database.execAndGet("SELECT text FROM note WHERE author IS NULL").getString(), "kept");
  SQLite::Database older(copy, SQLite::OPEN_READONLY);
  EXPECT_EQ(older.execAndGet("SELECT text FROM note").getString(), "kept");
  EXPECT_EQ(older.execAndGet("SELECT max(version) FROM schema_migration").getInt(), 1);
  struct stat info{};
  ASSERT_EQ(stat(copy.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST_F(sqlite_migrations, undo_a_step_that_fails) {
  ASSERT_TRUE(migrate(release_1));
  database.exec("INSERT INTO note VALUES ('kept')");
  expect_error(migrate(broken_2), store_error::migration_failed);
  EXPECT_FALSE(database.tableExists("fresh"));
  EXPECT_EQ(database.execAndGet("SELECT text FROM note").getString(), "kept");
  EXPECT_TRUE(migrate(release_2)) << "a repaired release goes on from there";
}

TEST_F(sqlite_migrations, do_not_start_without_the_copy) {
  ASSERT_TRUE(migrate(release_1));
  std::filesystem::create_directory(copy);
  expect_error(migrate(release_2), store_error::backup_failed);
  EXPECT_FALSE(database.tryExec("SELECT author FROM note") == 0);
}

TEST_F(sqlite_migrations, count_each_component_for_itself) {
  ASSERT_TRUE(migrate(release_2));
  constexpr std::array others{migration{1, 1, "CREATE TABLE other(x)"}};
  ASSERT_TRUE(migrate(others, "others"));
  EXPECT_THAT(read_schema_versions(database),
              ElementsAre(schema_version{"others", 1, 1}, schema_version{"store", 2, 1}));
}

TEST_F(sqlite_migrations, an_older_release_works_with_a_file_to_which_was_only_added) {
  ASSERT_TRUE(migrate(release_2));
  ASSERT_TRUE(migrate(release_1));
  EXPECT_EQ(database.exec("INSERT INTO note(text) VALUES ('from the older')"), 1);
  EXPECT_THAT(read_schema_versions(database), ElementsAre(schema_version{"store", 2, 1}));
  EXPECT_TRUE(migrate(release_2)) << "and the newer goes on";
}

TEST_F(sqlite_migrations, an_older_release_refuses_a_file_from_which_was_taken) {
  ASSERT_TRUE(migrate(contracted_3));
  expect_error(migrate(release_1), store_error::newer_schema);
  EXPECT_TRUE(migrate(release_2)) << "which is as new as the step asks for";
}

TEST_F(sqlite_migrations, a_file_of_the_first_releases_is_readable_from_its_first_version) {
  database.exec(
      "CREATE TABLE schema_migration(component TEXT NOT NULL, version INTEGER NOT NULL, applied_ms INTEGER "
      "NOT NULL, PRIMARY KEY(component, version)) STRICT, WITHOUT ROWID; "
      "INSERT INTO schema_migration VALUES ('store', 1, 0); CREATE TABLE note(text TEXT)");
  EXPECT_THAT(read_schema_versions(database), ElementsAre(schema_version{"store", 1, 1}));
  ASSERT_TRUE(migrate(release_2));
  EXPECT_THAT(read_schema_versions(database), ElementsAre(schema_version{"store", 2, 1}));
}

TEST_F(sqlite_migrations, several_components_change_together_or_not_at_all) {
  ASSERT_TRUE(migrate(release_1));
  const std::array broken{migration{1, 1, "CREATE TABLE note(x)"}};
  expect_error(
      migrate_sqlite(database, file,
                     std::array{component_tables{"store", release_2}, component_tables{"f", broken}}, now),
      store_error::migration_failed);
  EXPECT_THAT(read_schema_versions(database), ElementsAre(schema_version{"store", 1, 1}));
}

TEST_F(sqlite_migrations, the_copy_before_a_features_step_bears_its_name) {
  ASSERT_TRUE(migrate(release_1, "sticky"));
  ASSERT_TRUE(migrate(release_2, "sticky"));
  EXPECT_TRUE(std::filesystem::exists(file + ".backup-sticky-v1"));
}

TEST_F(sqlite_migrations, a_fresh_file_has_no_tables) {
  EXPECT_THAT(read_schema_versions(database), IsEmpty());
}

TEST_F(sqlite_migrations, a_second_process_waits_and_finds_the_work_done) {
  SQLite::Database other(file, SQLite::OPEN_READWRITE);
  ASSERT_TRUE(migrate(release_1));
  EXPECT_TRUE(migrate_sqlite(other, file, std::array{component_tables{"store", release_1}}, now));
}

}  // namespace
}  // namespace guildfleet::store
