// Bringing a SQLite file to the schema that this release knows.
#pragma once

#include <SQLiteCpp/Database.h>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/migration.hpp"

namespace guildfleet::store {

// Runs what is missing of all components, in one transaction. A file that has tables of a component is first
// copied to `<path>.backup-v<from>`, or, when the first to change is not "store",
// `<path>.backup-<component>-v<from>` (mode 0600). A component that is newer than this release knows, but
// still readable by it, is left as it is. Refuses a file that is not, or another program's. Errors:
// newer_schema, not_a_store, backup_failed, migration_failed, disk_full, ...; after any of them the file is
// as it was.
[[nodiscard]] base::result<void> migrate_sqlite(SQLite::Database& database, const std::string& path,
                                                std::span<const component_tables> components,
                                                base::wall_time now);

// By name; empty when there are no tables yet. Throws SQLite::Exception.
[[nodiscard]] std::vector<schema_version> read_schema_versions(SQLite::Database& database);

// The tables of store.hpp and data_store.hpp.
[[nodiscard]] component_tables store_tables();

}  // namespace guildfleet::store
