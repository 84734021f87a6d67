// A store in one SQLite file, for any number of bots of one machine: leases, sessions, guild states and
// identifies, and all that data_store keeps.
#pragma once

#include <span>
#include <string>

#include "base/clock.hpp"
#include "store/migration.hpp"
#include "store/opened_store.hpp"

namespace guildfleet::store {

struct sqlite_settings {
  // Created with mode 0600 when missing; of its directories only the last one is created. Beside it lie
  // `<path>-wal`, `<path>-shm` (SQLite's own), `<path>.lock` (proof of life of the nodes), and after a
  // migration `<path>.backup-v<from>` (see migrations.hpp).
  std::string path;
  node_identity node;
  // How long a call waits for another process's transaction.
  std::chrono::milliseconds busy_timeout{5000};
  // Names this boot of the machine; leases of another boot are void. Empty: read from the kernel.
  std::string boot_id;
  // Most pages (4096 bytes) the file may grow to; 0: no bound. A quota, and the way tests fill the disk.
  std::uint32_t max_pages = 0;
  // What features keep in tables of their own; used while opening.
  std::span<const feature_tables> features{};
};

// Opens, checks and migrates. `clock` must outlive the store. Errors: cannot_open, no_directory, read_only,
// corrupt, not_a_store, newer_schema, disk_full, busy, backup_failed, migration_failed; none of them changes
// the file. The store holds a lock that proves its node alive until it is destroyed or the process ends.
// Where it is the only one that has the file open, jobs that were leased may be claimed at once.
[[nodiscard]] base::result<opened_store> open_sqlite_store(sqlite_settings settings,
                                                           const base::clock& clock);

}  // namespace guildfleet::store
