// Bringing a PostgreSQL database to the schema that this release knows. All tables lie in schema `guildfleet`
// and are always named with it.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/migration.hpp"
#include "store/postgres/connection_pool.hpp"

namespace guildfleet::store {

struct migration_limits {
  std::chrono::milliseconds wait{60'000};   // for another node that migrates
  std::chrono::milliseconds work{600'000};  // for one step
};

// Runs what is missing, each step in a transaction of its own, under a lock that all nodes share: whoever
// comes second waits and finds the work done. Changes nothing, and takes no lock, when nothing is missing.
// Errors: newer_schema (its steps are not readable by this release), not_a_store, migration_failed (the
// step was undone), refused (no right to create tables), busy, read_only, unreachable, ...
[[nodiscard]] base::result<void> migrate_postgres(connection_pool& pool,
                                                  std::span<const component_tables> components,
                                                  const migration_limits& limits = {});

// By name; empty when there are no tables yet.
[[nodiscard]] base::result<std::vector<schema_version>> read_schema_versions(connection_pool& pool);

// The tables of store.hpp and data_store.hpp.
[[nodiscard]] component_tables store_component();

}  // namespace guildfleet::store
