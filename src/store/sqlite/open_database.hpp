// Opens a SQLite file the way every part of this program needs it.
#pragma once

#include <SQLiteCpp/Database.h>

#include "base/result.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::store {

// The file exists (prepare_database_file). WAL, foreign keys, small caches (a process may hold a thousand of
// these), checked for damage. Not thread-safe: one thread at a time. Throws SQLite::Exception.
[[nodiscard]] base::result<std::unique_ptr<SQLite::Database>> open_database(const sqlite_settings& settings);

}  // namespace guildfleet::store
