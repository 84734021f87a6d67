#include "store/sqlite/sqlite_error.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

namespace guildfleet::store {
namespace {

std::string in_context(std::string_view path, std::string_view detail) {
  return detail.empty() ? std::string(path) : fmt::format("{}: {}", path, detail);
}

}  // namespace

base::error explain_disk_full(std::string_view path) {
  return base::error(store_error::disk_full, std::string(path),
                     fmt::format("Free space on that file system (df -h '{}') or raise its quota.", path));
}

base::error explain_corrupt(std::string_view path, std::string_view detail) {
  return base::error(
      store_error::corrupt, in_context(path, detail),
      fmt::format(
          "The file was left as it is. Put it aside (mv '{0}' '{0}.damaged'), then restore a backup "
          "('{0}.backup-v*') or save what is readable: sqlite3 '{0}.damaged' .recover | sqlite3 '{0}'. "
          "Without either a new file is made at the next start.",
          path));
}

base::error explain_read_only(std::string_view path, std::string_view detail) {
  return base::error(
      store_error::read_only, in_context(path, detail),
      fmt::format("Give user {} write access to the file and its directory (chown {} '{}'), and mount "
                  "the volume read-write.",
                  geteuid(), geteuid(), path));
}

base::error explain_sqlite(int code, std::string_view detail, std::string_view path) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return explain_disk_full(path);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return explain_corrupt(path, detail);
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return explain_read_only(path, detail);
    case SQLITE_CANTOPEN:
      return base::error(store_error::cannot_open, in_context(path, detail),
                         "Check that the path is a file, and the rights of its directory.");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return base::error(store_error::busy, std::string(path),
                         fmt::format("Find the process that keeps it open (fuser -v '{}').", path));
    case SQLITE_IOERR:
      return base::error(
          store_error::io_failed, in_context(path, detail),
          "Look at the kernel's log (dmesg) for errors of the disk, and at df -h for its space.");
    default:
      return base::error(store_error::failed, in_context(path, detail), "Please report this with the log.");
  }
}

}  // namespace guildfleet::store
