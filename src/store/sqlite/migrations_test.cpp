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

constexpr std::array release_1{migration{1, "CREATE TABLE note(text TEXT)"}};
constexpr std::array release_2{release_1[0], migration{2, "ALTER TABLE note ADD COLUMN author TEXT"}};
constexpr std::array broken_2{release_1[0],
                              migration{2, "CREATE TABLE fresh(x); CREATE TABLE note(text TEXT)"}};

class sqlite_migrations : public testing::Test {
 protected:
  base::result<void> migrate(std::span<const migration> migrations, std::string_view component = "notes") {
    return migrate_sqlite(database, file, {.component = component, .migrations = migrations});
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
  constexpr std::array others{migration{1, "CREATE TABLE other(x)"}};
  ASSERT_TRUE(migrate(others, "others"));
  EXPECT_TRUE(database.tableExists("other"));
}

TEST_F(sqlite_migrations, an_older_release_refuses_a_newer_file) {
  ASSERT_TRUE(migrate(release_2));
  expect_error(migrate(release_1), store_error::newer_schema);
}

TEST_F(sqlite_migrations, a_second_process_waits_and_finds_the_work_done) {
  SQLite::Database other(file, SQLite::OPEN_READWRITE);
  ASSERT_TRUE(migrate(release_1));
  EXPECT_TRUE(migrate_sqlite(other, file, {.component = "notes", .migrations = release_1}));
}

}  // namespace
}  // namespace guildfleet::store
