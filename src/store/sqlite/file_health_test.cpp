#include <SQLiteCpp/Database.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

#include "base/scratch_folder.hpp"
#include "store/error.hpp"
#include "store/health.hpp"

namespace guildfleet::store {
namespace {

class sqlite_health_look : public testing::Test {
 protected:
  [[nodiscard]] base::result<sqlite_health> look() const { return look_at_health_of_sqlite(path); }

  base::scratch_folder folder;
  std::string path = (folder / "bot.sqlite").string();
};

TEST_F(sqlite_health_look, makes_no_file) {
  const auto seen = look();
  ASSERT_TRUE(seen) << seen.error().message();
  EXPECT_FALSE(seen->there);
  EXPECT_FALSE(seen->file_system.empty());
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(sqlite_health_look, tells_mode_sizes_and_soundness_while_a_writer_has_it_open) {
  SQLite::Database writer(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  writer.exec("PRAGMA journal_mode = WAL; CREATE TABLE t(x); INSERT INTO t VALUES (1)");
  writer.exec("BEGIN IMMEDIATE; INSERT INTO t VALUES (2)");
  const auto seen = look();
  ASSERT_TRUE(seen) << seen.error().message();
  EXPECT_EQ(seen->journal_mode, "wal");
  EXPECT_TRUE(seen->sound);
  EXPECT_GT(seen->bytes, 0U);
  EXPECT_GT(seen->log_bytes, 0U);
}

TEST_F(sqlite_health_look, finds_damage) {
  {
    SQLite::Database made(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    made.exec("PRAGMA page_size = 512; CREATE TABLE t(x); CREATE INDEX i ON t(x)");
    for (int i = 0; i < 200; ++i) made.exec("INSERT INTO t VALUES (hex(randomblob(40)))");
  }
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  constexpr std::size_t page = 512;
  file.seekp(5 * page);
  file << std::string(8 * page, 'x');
  file.close();
  const auto seen = look();
  if (seen) {
    EXPECT_FALSE(seen->sound);
    EXPECT_TRUE(seen->damage.has_value());
  } else {
    EXPECT_EQ(seen.error().code(), make_error_code(store_error::corrupt)) << seen.error().message();
  }
}

TEST_F(sqlite_health_look, says_of_something_else_that_it_is_no_database) {
  std::ofstream(path) << std::string(4'096, 'x');
  const auto seen = look();
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code(), make_error_code(store_error::corrupt)) << seen.error().message();
}

}  // namespace
}  // namespace guildfleet::store
