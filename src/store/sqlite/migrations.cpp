#include "store/sqlite/migrations.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <cstdio>
#include <fmt/format.h>
#include <sqlite3.h>

#include "store/sqlite/file_check.hpp"
#include "store/sqlite/sqlite_error.hpp"

namespace guildfleet::store {
namespace {

int stored_version(SQLite::Database& database, std::string_view component) {
  SQLite::Statement query(database,
                          "SELECT coalesce(max(version), 0) FROM schema_migration WHERE component = ?");
  query.bind(1, std::string(component));
  query.executeStep();
  return query.getColumn(0).getInt();
}

base::error explain_newer(const std::string& path, int found, int known) {
  return base::error(
      store_error::newer_schema,
      fmt::format("{}: schema version {}, this release knows {}", path, found, known),
      fmt::format("Run the newer release again, or put the copy '{}.backup-v{}' in its place, if it "
                  "exists; what was written since is not in the copy.",
                  path, known));
}

base::error explain_backup(const std::string& copy, std::string_view why) {
  return base::error(
      store_error::backup_failed, fmt::format("{}: {}", copy, why),
      "Make room for a second copy of the file and write access to its directory, then start again.");
}

// A second connection reads the committed state while the first one holds the write lock.
base::result<void> back_up(const std::string& path, int version) {
  const std::string copy = fmt::format("{}.backup-v{}", path, version);
  const std::string unfinished = copy + ".part";
  if (auto made = make_empty_file(unfinished); !made)
    return std::unexpected(explain_backup(copy, made.error().message()));
  try {
    SQLite::Database reader(path, SQLite::OPEN_READONLY);
    SQLite::Statement into(reader, "VACUUM INTO ?");
    into.bind(1, unfinished);
    into.exec();
  } catch (const SQLite::Exception& thrown) {
    std::remove(unfinished.c_str());
    return std::unexpected(explain_backup(copy, thrown.what()));
  }
  if (std::rename(unfinished.c_str(), copy.c_str()) != 0) {
    return std::unexpected(explain_backup(copy, "it cannot be renamed"));
  }
  return {};
}

// A transaction that fails leaves the file as it was; the error says which step it was.
base::result<void> run_migrations(SQLite::Database& database, const std::string& path,
                                  const migration_request& request, int from) {
  for (const migration& step : request.migrations) {
    if (step.version <= from) continue;
    try {
      database.exec(std::string(step.sql));
      SQLite::Statement note(database,
                             "INSERT INTO schema_migration(component, version, applied_ms) VALUES (?, ?, ?)");
      note.bind(1, std::string(request.component));
      note.bind(2, step.version);
      note.bind(3, static_cast<std::int64_t>(request.now.time_since_epoch().count()));
      note.exec();
    } catch (const SQLite::Exception& thrown) {
      if ((thrown.getErrorCode() & 0xff) != SQLITE_ERROR &&
          (thrown.getErrorCode() & 0xff) != SQLITE_CONSTRAINT)
        throw;
      return base::fail(
          store_error::migration_failed,
          fmt::format("{}: {} to version {}: {}", path, request.component, step.version, thrown.what()),
          "The file is as it was; go back to the earlier release and report this.");
    }
  }
  return {};
}

}  // namespace

base::result<void> migrate_sqlite(SQLite::Database& database, const std::string& path,
                                  const migration_request& request) {
  return guard_sqlite(path, [&]() -> base::result<void> {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    if (!database.tableExists("schema_migration")) {
      if (database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() != 0) {
        return base::fail(store_error::not_a_store, path, "Choose another path for the store of this bot.");
      }
      database.exec(
          "CREATE TABLE schema_migration(component TEXT NOT NULL, version INTEGER NOT NULL, "
          "applied_ms INTEGER NOT NULL, PRIMARY KEY(component, version)) STRICT, WITHOUT ROWID");
    }
    const int found = stored_version(database, request.component);
    const int known = request.migrations.empty() ? 0 : request.migrations.back().version;
    if (found > known) return std::unexpected(explain_newer(path, found, known));
    if (found == known) return {};
    if (found != 0) {
      if (auto copied = back_up(path, found); !copied) return copied;
    }
    if (auto done = run_migrations(database, path, request, found); !done) return done;
    transaction.commit();
    return {};
  });
}

}  // namespace guildfleet::store
