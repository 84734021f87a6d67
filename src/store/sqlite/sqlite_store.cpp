#include "store/sqlite/sqlite_store.hpp"

#include <filesystem>
#include <fstream>
#include <sqlite3.h>
#include <utility>

#include "store/sqlite/data_tables.hpp"
#include "store/sqlite/file_check.hpp"
#include "store/sqlite/migrations.hpp"
#include "store/sqlite/open_database.hpp"
#include "store/sqlite/sqlite_file.hpp"

namespace guildfleet::store {
namespace {

// One lock for the file, by whatever link it is opened.
std::string lock_path_of(const std::string& path) {
  std::error_code unknown;
  const auto real = std::filesystem::canonical(path, unknown);
  return (unknown ? path : real.string()) + ".lock";
}

std::string kernel_boot_id() {
  std::string id;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), id);
  return id;
}

// What cannot be written now, on a full disk, ends by itself when the leases do.
void free_leases_of_the_dead(SQLite::Database& database) {
  try {
    free_job_leases(database);
  } catch (const SQLite::Exception&) {
    return;
  }
}

// `alone`: nobody else has the file open, so that whoever holds a job's lease has died.
base::result<std::unique_ptr<SQLite::Database>> open_and_migrate(const sqlite_settings& settings,
                                                                 base::wall_time now, bool alone) {
  return guard_sqlite(settings.path, [&]() -> base::result<std::unique_ptr<SQLite::Database>> {
    auto database = open_database(settings);
    if (!database) return database;
    std::vector<component_tables> wanted{store_tables()};
    for (const feature_tables& feature : settings.features)
      wanted.push_back({.component = feature.component, .migrations = feature.sqlite});
    if (auto done = migrate_sqlite(**database, settings.path, wanted, now); !done)
      return std::unexpected(done.error());
    if (alone) free_leases_of_the_dead(**database);
    sqlite3_db_release_memory((*database)->getHandle());
    return database;
  });
}

}  // namespace

base::result<opened_store> open_sqlite_store(sqlite_settings settings, const base::clock& clock) {
  if (settings.boot_id.empty()) settings.boot_id = kernel_boot_id();
  if (auto ready = prepare_database_file(settings.path); !ready) return std::unexpected(ready.error());
  auto lock = life_lock::hold(lock_path_of(settings.path), settings.node.incarnation);
  if (!lock) return std::unexpected(lock.error());
  if (auto entered = lock->enter_setup(settings.busy_timeout); !entered)
    return std::unexpected(entered.error());
  // Who opens it meanwhile waits for the end of the setup, and can have claimed nothing yet.
  auto database = open_and_migrate(settings, clock.wall_now(), !lock->has_company());
  lock->leave_setup();
  if (!database) return std::unexpected(database.error());
  settings.features = {};
  auto file =
      std::make_shared<sqlite_file>(std::move(settings), clock, *std::move(lock), *std::move(database));
  return opened_store{.sessions = make_session_face(file), .data = make_data_face(file)};
}

}  // namespace guildfleet::store
