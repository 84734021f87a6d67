#include "store/postgres/migrations.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "store/error.hpp"
#include "store/postgres/sql_error.hpp"
#include "store/postgres/transaction.hpp"

namespace guildfleet::store {
namespace {

// Any number will do, as long as every release uses the same.
constexpr std::int64_t migration_lock = 0x6775'696c'6466'6c74;

// Run under the lock. Asks before it creates: that needs fewer rights.
constexpr std::string_view prepare_schema = R"sql(
DO $do$ BEGIN
  IF to_regnamespace('guildfleet') IS NULL THEN
    CREATE SCHEMA guildfleet;
  END IF;
  IF to_regclass('guildfleet.schema_migration') IS NULL THEN
    CREATE TABLE guildfleet.schema_migration(
      component text NOT NULL,
      version integer NOT NULL,
      readable_from integer NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY(component, version));
  END IF;
END $do$
)sql";

int newest_known(const component_tables& component) {
  return component.migrations.empty() ? 0 : component.migrations.back().version;
}

std::vector<schema_version> versions_in(sql_transaction& transaction) {
  const auto rows = transaction.exec(
      "SELECT component, max(version), max(readable_from) FROM guildfleet.schema_migration "
      "GROUP BY component ORDER BY component");
  std::vector<schema_version> found;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    found.push_back({.component = rows.text(row, 0),
                     .version = static_cast<int>(rows.integer(row, 1)),
                     .readable_from = static_cast<int>(rows.integer(row, 2))});
  }
  return found;
}

schema_version version_of(const std::vector<schema_version>& all, std::string_view component) {
  const auto found = std::ranges::find(all, component, &schema_version::component);
  return found == all.end() ? schema_version{.component = std::string(component)} : *found;
}

base::result<void> check_readable(const std::string& server, const component_tables& component,
                                  const schema_version& found) {
  const int known = newest_known(component);
  if (found.version <= known || known >= found.readable_from) return {};
  return base::fail(
      store_error::newer_schema,
      fmt::format("{}: {}: schema version {}, readable from version {} on; this release knows {}", server,
                  component.component, found.version, found.readable_from, known),
      "Run the newer release, or restore a backup made before it was started.");
}

// What is wrong with a step is not the caller's doing; what is wrong with the server is.
base::error explain_step(const sql_failure& failure, const std::string& where) {
  if (failure.error().code() != store_error::failed) return failure.error();
  return base::error(store_error::migration_failed, fmt::format("{}: {}", where, failure.error().context()),
                     "The step was undone; go back to the earlier release and report this.");
}

// True: a step was made, there may be more.
base::result<bool> make_one_step(sql_transaction& transaction, const std::string& server,
                                 const component_tables& component) {
  transaction.exec("SELECT pg_advisory_xact_lock($1)", sql_params().integer(migration_lock));
  transaction.script(std::string(prepare_schema));
  const schema_version found = version_of(versions_in(transaction), component.component);
  if (auto readable = check_readable(server, component, found); !readable)
    return std::unexpected(readable.error());
  if (found.version >= newest_known(component)) return false;
  const migration& step = *std::ranges::find(component.migrations, found.version + 1, &migration::version);
  try {
    transaction.script(std::string(step.sql));
    transaction.exec(
        "INSERT INTO guildfleet.schema_migration(component, version, readable_from) VALUES ($1, $2, $3)",
        sql_params().text(component.component).integer(step.version).integer(step.readable_from));
  } catch (const sql_failure& failure) {
    if (failure.connection_lost() || failure.retryable()) throw;
    transaction.abandon();
    return std::unexpected(
        explain_step(failure, fmt::format("{} to version {}", component.component, step.version)));
  }
  return true;
}

base::result<bool> is_complete(connection_pool& pool, std::span<const component_tables> components) {
  const auto found = read_schema_versions(pool);
  if (!found) return std::unexpected(found.error());
  for (const component_tables& component : components) {
    const schema_version version = version_of(*found, component.component);
    if (auto readable = check_readable(pool.target().shown(), component, version); !readable)
      return std::unexpected(readable.error());
    if (version.version < newest_known(component)) return false;
  }
  return true;
}

}  // namespace

base::result<void> migrate_postgres(connection_pool& pool, std::span<const component_tables> components,
                                    const migration_limits& limits) {
  const auto complete = is_complete(pool, components);
  if (!complete) return std::unexpected(complete.error());
  if (*complete) return {};
  for (const component_tables& component : components) {
    while (true) {
      auto stepped =
          run_slowly(pool, limits.wait + limits.work, limits.wait, [&](sql_transaction& transaction) {
            return make_one_step(transaction, pool.target().shown(), component);
          });
      if (!stepped) return std::unexpected(std::move(stepped).error());
      if (!*stepped) break;
    }
  }
  return {};
}

base::result<std::vector<schema_version>> read_schema_versions(connection_pool& pool) {
  return run_call(pool, call_kind::snapshot,
                  [&](sql_transaction& transaction) -> base::result<std::vector<schema_version>> {
                    const auto tables = transaction.exec(
                        "SELECT to_regclass('guildfleet.schema_migration') IS NULL, count(*) "
                        "FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace('guildfleet')");
                    if (tables.text(0, 0) != "t") return versions_in(transaction);
                    if (tables.integer(0, 1) == 0) return std::vector<schema_version>();
                    return base::fail(store_error::not_a_store,
                                      fmt::format("{}: schema guildfleet", pool.target().shown()),
                                      "Another program's tables lie there: choose another database.");
                  });
}

}  // namespace guildfleet::store
