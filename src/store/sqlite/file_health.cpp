#include <SQLiteCpp/Database.h>
#include <filesystem>

#include "base/machine.hpp"
#include "store/error.hpp"
#include "store/health.hpp"
#include "store/sqlite/sqlite_error.hpp"

namespace guildfleet::store {
namespace {

constexpr int patience_ms = 2'000;

std::uint64_t size_of(const std::string& path) {
  std::error_code absent;
  const auto size = std::filesystem::file_size(path, absent);
  return absent ? 0 : size;
}

}  // namespace

base::result<sqlite_health> look_at_health_of_sqlite(const std::string& path) {
  sqlite_health out{.path = path};
  auto where = base::file_system_of(path);
  if (!where) return std::unexpected(std::move(where).error());
  out.file_system = std::move(where->name);
  out.shared = where->shared;
  std::error_code unknown;
  out.there = std::filesystem::exists(path, unknown);
  if (unknown) return base::fail(store_error::cannot_open, path, "Run as the user that the bots run as.");
  if (!out.there) return out;
  out.bytes = size_of(path);
  out.log_bytes = size_of(path + "-wal");
  return guard_sqlite(path, [&]() -> base::result<sqlite_health> {
    SQLite::Database database(path, SQLite::OPEN_READONLY, patience_ms);
    out.journal_mode = database.execAndGet("PRAGMA journal_mode").getString();
    if (out.bytes > largest_checked_file) return out;
    const std::string verdict = database.execAndGet("PRAGMA quick_check(1)").getString();
    out.sound = verdict == "ok";
    if (!out.sound) out.damage = verdict;
    return out;
  });
}

}  // namespace guildfleet::store
