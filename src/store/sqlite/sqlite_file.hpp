// An opened file: the connection, the proof of life, and the edge where exceptions end. Shared by the two
// faces of the store.
#pragma once

#include <SQLiteCpp/Database.h>
#include <memory>
#include <type_traits>
#include <utility>

#include "base/clock.hpp"
#include "store/data_store.hpp"
#include "store/sqlite/sqlite_error.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "store/sqlite/tables.hpp"

namespace guildfleet::store {

class sqlite_file final {
 public:
  sqlite_file(sqlite_settings settings, const base::clock& clock, life_lock lock,
              std::unique_ptr<SQLite::Database> database)
      : settings_(std::move(settings)),
        clock_(clock),
        lock_(std::move(lock)),
        database_(std::move(database)),
        opened_(clock.since_boot()) {}

  // Runs `work(context)`, which may return a value, nothing or a base::result.
  template <class F>
  auto call(F work) {
    using returned = std::invoke_result_t<F&, const sqlite_context&>;
    using outcome = typename as_result<returned>::type;
    return guard_sqlite(settings_.path, [&]() -> outcome {
      if constexpr (std::is_void_v<returned>) {
        work(context());
        return {};
      } else {
        return outcome(work(context()));
      }
    });
  }

  [[nodiscard]] SQLite::Database& database() { return *database_; }
  [[nodiscard]] bool has_company() const { return lock_.has_company(); }

 private:
  template <class T>
  struct as_result {
    using type = base::result<T>;
  };
  template <class T>
  struct as_result<base::result<T>> {
    using type = base::result<T>;
  };

  [[nodiscard]] sqlite_context context() const {
    return {.database = *database_,
            .path = settings_.path,
            .node = settings_.node,
            .boot_id = settings_.boot_id,
            .lock = lock_,
            .boot_opened = opened_,
            .boot_now = clock_.since_boot(),
            .wall_now = clock_.wall_now()};
  }

  sqlite_settings settings_;
  const base::clock& clock_;
  life_lock lock_;
  std::unique_ptr<SQLite::Database> database_;
  std::chrono::milliseconds opened_;
};

[[nodiscard]] std::unique_ptr<store> make_session_face(std::shared_ptr<sqlite_file> file);
[[nodiscard]] std::unique_ptr<data_store> make_data_face(std::shared_ptr<sqlite_file> file);

}  // namespace guildfleet::store
