#include "store/sqlite/sqlite_store.hpp"

#include <fstream>
#include <sqlite3.h>
#include <utility>

#include "store/sqlite/file_check.hpp"
#include "store/sqlite/migrations.hpp"
#include "store/sqlite/open_database.hpp"
#include "store/sqlite/sqlite_error.hpp"
#include "store/sqlite/tables.hpp"

namespace guildfleet::store {
namespace {

class sqlite_store final : public store {
 public:
  sqlite_store(sqlite_settings settings, const base::clock& clock, life_lock lock,
               std::unique_ptr<SQLite::Database> database)
      : settings_(std::move(settings)),
        clock_(clock),
        lock_(std::move(lock)),
        database_(std::move(database)) {}

  base::result<acquire_outcome> acquire(const lease_key& key, std::chrono::milliseconds ttl) override {
    return guard_sqlite(settings_.path, [&] { return acquire_lease(context(), key, ttl); });
  }

  base::result<std::vector<lease>> renew_all(std::span<const lease_key> keys,
                                             std::chrono::milliseconds ttl) override {
    return guard_sqlite(settings_.path,
                        [&] { return base::result<std::vector<lease>>(renew_leases(context(), keys, ttl)); });
  }

  base::result<void> release(std::span<const lease_key> keys) override {
    return guard_sqlite(settings_.path, [&]() -> base::result<void> {
      release_leases(context(), keys);
      return {};
    });
  }

  base::result<write_outcome> save(const lease_key& key, const session_row& row,
                                   std::span<const guild_change> guilds) override {
    return guard_sqlite(settings_.path, [&] {
      return base::result<write_outcome>(save_session(*database_, key, row, guilds));
    });
  }

  base::result<std::optional<session_row>> load(const lease_key& key) override {
    return guard_sqlite(settings_.path, [&] {
      return base::result<std::optional<session_row>>(load_session(*database_, key));
    });
  }

  base::result<write_outcome> forget(const lease_key& key, std::uint64_t epoch) override {
    session_row nothing;
    nothing.epoch = epoch;
    return save(key, nothing, {});
  }

  base::result<std::vector<guild_blob>> load_guilds(const lease_key& key) override {
    auto guilds = guard_sqlite(settings_.path, [&] {
      return base::result<std::vector<guild_blob>>(load_guild_states(*database_, key));
    });
    // Read once at start; its pages need not stay in the cache.
    sqlite3_db_release_memory(database_->getHandle());
    return guilds;
  }

  base::result<std::chrono::milliseconds> claim_identify(const lease_key& key, std::uint32_t max_concurrency,
                                                         std::chrono::milliseconds spacing) override {
    return guard_sqlite(settings_.path, [&] {
      return base::result<std::chrono::milliseconds>(
          claim_identify_slot(context(), key, max_concurrency, spacing));
    });
  }

  base::result<identify_history> identifies(const bot_name& bot) override {
    return guard_sqlite(settings_.path,
                        [&] { return base::result<identify_history>(read_identifies(context(), bot)); });
  }

 private:
  [[nodiscard]] sqlite_context context() const {
    return {.database = *database_,
            .path = settings_.path,
            .node = settings_.node,
            .boot_id = settings_.boot_id,
            .lock = lock_,
            .boot_now = clock_.since_boot(),
            .wall_now = clock_.wall_now()};
  }

  sqlite_settings settings_;
  const base::clock& clock_;
  life_lock lock_;
  std::unique_ptr<SQLite::Database> database_;
};

std::string kernel_boot_id() {
  std::string id;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), id);
  return id;
}

base::result<std::unique_ptr<SQLite::Database>> open_and_migrate(const sqlite_settings& settings,
                                                                 base::wall_time now) {
  return guard_sqlite(settings.path, [&]() -> base::result<std::unique_ptr<SQLite::Database>> {
    auto database = open_database(settings);
    if (!database) return database;
    const migration_request wanted{.component = "store", .migrations = store_migrations(), .now = now};
    if (auto done = migrate_sqlite(**database, settings.path, wanted); !done)
      return std::unexpected(done.error());
    sqlite3_db_release_memory((*database)->getHandle());
    return database;
  });
}

}  // namespace

base::result<std::unique_ptr<store>> open_sqlite_store(sqlite_settings settings, const base::clock& clock) {
  if (settings.boot_id.empty()) settings.boot_id = kernel_boot_id();
  if (auto ready = prepare_database_file(settings.path); !ready) return std::unexpected(ready.error());
  auto lock = life_lock::hold(settings.path + ".lock", settings.node.incarnation);
  if (!lock) return std::unexpected(lock.error());
  if (auto entered = lock->enter_setup(settings.busy_timeout); !entered)
    return std::unexpected(entered.error());
  auto database = open_and_migrate(settings, clock.wall_now());
  lock->leave_setup();
  if (!database) return std::unexpected(database.error());
  return std::make_unique<sqlite_store>(std::move(settings), clock, *std::move(lock), *std::move(database));
}

}  // namespace guildfleet::store
