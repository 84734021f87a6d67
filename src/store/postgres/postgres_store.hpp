// A store on a PostgreSQL server: leases, sessions and guild states, and all that data_store keeps, for any
// number of nodes.
#pragma once

#include <span>
#include <string>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "store/migration.hpp"
#include "store/opened_store.hpp"

namespace guildfleet::store {

struct postgres_settings {
  base::secret url;  // postgresql://user:password@host:port/database?sslmode=...
  node_identity node;
  std::string application_name =
      {};                       // of the connections: the bot's name, or fleet@node where it runs several
  std::size_t connections = 4;  // at most
  // A call that has no answer by then ends with an error; its connection is given up. Making a connection may
  // take another 3 s for each host of the URL.
  std::chrono::milliseconds call_timeout{5000};
  std::chrono::milliseconds lock_timeout{2000};  // for another transaction
  std::span<const feature_tables> features =
      {};                            // tables of features, made beside its own; read while opening
  base::metrics* metrics = nullptr;  // outlives the store
};

// Connects, and migrates where needed. `clock`, the system's, must outlive the store. Thread-safe: calls run
// on as many threads as there are connections (store_executor). Errors: cannot_open (the URL), unreachable,
// refused, read_only, newer_schema, not_a_store, migration_failed, ...; no text holds the password.
[[nodiscard]] base::result<opened_store> open_postgres_store(const postgres_settings& settings,
                                                             const base::clock& clock,
                                                             base::random_source random);

}  // namespace guildfleet::store
