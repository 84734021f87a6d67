// Bringing a SQLite file to the schema that this release knows.
#pragma once

#include <SQLiteCpp/Database.h>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace guildfleet::store {

struct migration {
  int version = 0;  // 1, 2, 3, ... without a gap
  std::string_view sql;
};

struct migration_request {
  std::string_view component;             // who owns the tables; each counts its versions from 1
  std::span<const migration> migrations;  // in order
  base::wall_time now{};
};

// Runs what is missing, in one transaction. An older version that is not 0 is first copied to
// `<path>.backup-v<from>` (mode 0600). Refuses a file that is newer or another program's. Errors:
// newer_schema, not_a_store, backup_failed, migration_failed, disk_full, ...; after any of them the file is
// as it was.
[[nodiscard]] base::result<void> migrate_sqlite(SQLite::Database& database, const std::string& path,
                                                const migration_request& request);

// The tables of store.hpp.
[[nodiscard]] std::span<const migration> store_migrations();

}  // namespace guildfleet::store
