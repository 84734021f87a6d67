#include "store/sqlite/file_backup.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <cstdio>
#include <fmt/format.h>

#include "store/error.hpp"
#include "store/sqlite/file_check.hpp"

namespace guildfleet::store {
namespace {

base::error explain_backup(const std::string& copy, std::string_view why) {
  return base::error(
      store_error::backup_failed, fmt::format("{}: {}", copy, why),
      "Make room for a second copy of the file and write access to its directory, then start again.");
}

}  // namespace

// A second connection reads the committed state while the first one holds the write lock.
base::result<void> back_up_sqlite(const std::string& path, const std::string& copy) {
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

}  // namespace guildfleet::store
