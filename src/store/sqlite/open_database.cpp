#include "store/sqlite/open_database.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <mutex>
#include <sqlite3.h>

#include "store/sqlite/sqlite_error.hpp"

namespace guildfleet::store {
namespace {

// Checking reads the whole file; above this size start-up would take seconds, and damage shows when it is
// read.
constexpr std::uintmax_t largest_checked_bytes = 64U << 20U;

// Without this every connection takes 20 pages of cache at once and 48 kB of lookaside memory.
void make_connections_small() {
  static std::once_flag once;
  std::call_once(once, [] {
    sqlite3_config(SQLITE_CONFIG_PAGECACHE, nullptr, 0, 0);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
  });
}

base::result<void> check_for_damage(SQLite::Database& database, const std::string& path) {
  std::error_code unknown_size;
  if (std::filesystem::file_size(path, unknown_size) > largest_checked_bytes || unknown_size) return {};
  const std::string verdict = database.execAndGet("PRAGMA quick_check(1)").getString();
  if (verdict != "ok") return std::unexpected(explain_corrupt(path, verdict));
  return {};
}

}  // namespace

base::result<std::unique_ptr<SQLite::Database>> open_database(const sqlite_settings& settings) {
  make_connections_small();
  auto database =
      std::make_unique<SQLite::Database>(settings.path, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX,
                                         static_cast<int>(settings.busy_timeout.count()));
  if (sqlite3_db_readonly(database->getHandle(), "main") == 1) {
    return std::unexpected(explain_read_only(settings.path, "opened read-only"));
  }
  if (auto sound = check_for_damage(*database, settings.path); !sound) return std::unexpected(sound.error());
  database->exec("PRAGMA foreign_keys = ON");
  database->exec("PRAGMA cache_size = -256");
  if (settings.max_pages != 0) database->exec(fmt::format("PRAGMA max_page_count = {}", settings.max_pages));
  database->exec("PRAGMA journal_mode = WAL");
  database->exec("PRAGMA synchronous = NORMAL");
  database->exec("PRAGMA wal_autocheckpoint = 128");
  database->exec("PRAGMA journal_size_limit = 1048576");
  return database;
}

}  // namespace guildfleet::store
