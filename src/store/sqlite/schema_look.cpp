#include "store/schema_look.hpp"

#include <SQLiteCpp/Database.h>
#include <filesystem>

#include "store/error.hpp"
#include "store/sqlite/migrations.hpp"
#include "store/sqlite/sqlite_error.hpp"

namespace guildfleet::store {

base::result<schema_look> look_at_sqlite(const std::string& path) {
  const auto nothing = [&] {
    schema_look out = look_of({}, store_tables());
    out.place = path;
    return out;
  };
  std::error_code unknown;
  const bool there = std::filesystem::exists(path, unknown);
  if (unknown) return base::fail(store_error::cannot_open, path, "Run as the user that the bots run as.");
  if (!there) return nothing();
  return guard_sqlite(path, [&]() -> base::result<schema_look> {
    constexpr int patience_ms = 1'000;
    SQLite::Database database(path, SQLite::OPEN_READONLY, patience_ms);
    const auto versions = read_schema_versions(database);
    if (versions.empty() && database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() != 0)
      return base::fail(store_error::not_a_store, path, "Choose another path for the store of this bot.");
    schema_look out = look_of(versions, store_tables());
    out.place = path;
    out.bytes = static_cast<std::uint64_t>(database.execAndGet("PRAGMA page_count").getInt64()) *
                static_cast<std::uint64_t>(database.execAndGet("PRAGMA page_size").getInt64());
    return out;
  });
}

}  // namespace guildfleet::store
