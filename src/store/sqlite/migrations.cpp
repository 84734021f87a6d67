#include "store/sqlite/migrations.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <sqlite3.h>

#include "store/error.hpp"
#include "store/sqlite/file_backup.hpp"
#include "store/sqlite/file_check.hpp"
#include "store/sqlite/sql_values.hpp"
#include "store/sqlite/sqlite_error.hpp"

namespace guildfleet::store {
namespace {

bool knows_readable_from(SQLite::Database& database) {
  return database
             .execAndGet(
                 "SELECT count(*) FROM pragma_table_info('schema_migration') WHERE name = 'readable_from'")
             .getInt() != 0;
}

std::vector<schema_version> versions_in(SQLite::Database& database) {
  SQLite::Statement query(
      database, fmt::format("SELECT component, max(version), {} FROM schema_migration GROUP BY component "
                            "ORDER BY component",
                            knows_readable_from(database) ? "max(readable_from)" : "1"));
  std::vector<schema_version> found;
  while (query.executeStep()) {
    found.push_back({.component = query.getColumn(0).getString(),
                     .version = query.getColumn(1).getInt(),
                     .readable_from = query.getColumn(2).getInt()});
  }
  return found;
}

int newest_known(const component_tables& tables) {
  return tables.migrations.empty() ? 0 : tables.migrations.back().version;
}

std::string backup_path(const std::string& path, std::string_view component, int version) {
  if (component == "store") return fmt::format("{}.backup-v{}", path, version);
  return fmt::format("{}.backup-{}-v{}", path, component, version);
}

schema_version version_of(std::span<const schema_version> all, std::string_view component) {
  const auto found = std::ranges::find(all, component, &schema_version::component);
  return found == all.end() ? schema_version{.component = std::string(component)} : *found;
}

base::result<void> check_readable(const std::string& path, const component_tables& tables,
                                  const schema_version& found) {
  const int known = newest_known(tables);
  if (found.version <= known || known >= found.readable_from) return {};
  return base::fail(
      store_error::newer_schema,
      fmt::format("{}: {}: schema version {}, readable from version {} on; this release knows {}", path,
                  tables.component, found.version, found.readable_from, known),
      fmt::format("Run the newer release again, or put the copy '{}' in its place, if it exists; what was "
                  "written since is not in the copy.",
                  backup_path(path, tables.component, known)));
}

// A transaction that fails leaves the file as it was; the error says which step it was.
base::result<void> run_step(SQLite::Database& database, const std::string& path, std::string_view component,
                            const migration& step, base::wall_time now) {
  try {
    database.exec(std::string(step.sql));
    SQLite::Statement note(
        database,
        "INSERT INTO schema_migration(component, version, readable_from, applied_ms) VALUES (?, ?, ?, ?)");
    note.bind(1, std::string(component));
    note.bind(2, step.version);
    note.bind(3, step.readable_from);
    note.bind(4, stored_time(now));
    note.exec();
  } catch (const SQLite::Exception& thrown) {
    if ((thrown.getErrorCode() & 0xff) != SQLITE_ERROR && (thrown.getErrorCode() & 0xff) != SQLITE_CONSTRAINT)
      throw;
    return base::fail(store_error::migration_failed,
                      fmt::format("{}: {} to version {}: {}", path, component, step.version, thrown.what()),
                      "The file is as it was; go back to the earlier release and report this.");
  }
  return {};
}

base::result<void> prepare_versions(SQLite::Database& database, const std::string& path) {
  if (!database.tableExists("schema_migration")) {
    if (database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() != 0)
      return base::fail(store_error::not_a_store, path, "Choose another path for the store of this bot.");
    database.exec(
        "CREATE TABLE schema_migration(component TEXT NOT NULL, version INTEGER NOT NULL, "
        "applied_ms INTEGER NOT NULL, readable_from INTEGER NOT NULL DEFAULT 1, "
        "PRIMARY KEY(component, version)) STRICT, WITHOUT ROWID");
  } else if (!knows_readable_from(database)) {
    // Files of the first releases; their steps only added.
    database.exec("ALTER TABLE schema_migration ADD COLUMN readable_from INTEGER NOT NULL DEFAULT 1");
  }
  return {};
}

// What is to be done: checked for all components before anything is.
struct missing_steps {
  std::string copy;  // path of the backup; empty: nothing to keep
  std::vector<std::pair<std::string_view, migration>> steps;
};

base::result<missing_steps> plan_steps(const std::string& path, std::span<const component_tables> components,
                                       std::span<const schema_version> found) {
  missing_steps plan;
  for (const component_tables& tables : components) {
    const schema_version has = version_of(found, tables.component);
    if (auto readable = check_readable(path, tables, has); !readable)
      return std::unexpected(std::move(readable).error());
    if (has.version != 0 && has.version < newest_known(tables) && plan.copy.empty())
      plan.copy = backup_path(path, tables.component, has.version);
    for (const migration& step : tables.migrations) {
      if (step.version > has.version) plan.steps.emplace_back(tables.component, step);
    }
  }
  return plan;
}

}  // namespace

base::result<void> migrate_sqlite(SQLite::Database& database, const std::string& path,
                                  std::span<const component_tables> components, base::wall_time now) {
  return guard_sqlite(path, [&]() -> base::result<void> {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    if (auto ready = prepare_versions(database, path); !ready) return ready;
    auto plan = plan_steps(path, components, versions_in(database));
    if (!plan) return std::unexpected(std::move(plan).error());
    if (plan->steps.empty()) return {};
    if (!plan->copy.empty()) {
      if (auto copied = back_up_sqlite(path, plan->copy); !copied) return copied;
    }
    for (const auto& [component, step] : plan->steps) {
      if (auto done = run_step(database, path, component, step, now); !done) return done;
    }
    transaction.commit();
    return {};
  });
}

std::vector<schema_version> read_schema_versions(SQLite::Database& database) {
  if (!database.tableExists("schema_migration")) return {};
  return versions_in(database);
}

}  // namespace guildfleet::store
