// What can go wrong with a store.
#pragma once

#include <string_view>
#include <system_error>

#include "base/error_enum.hpp"

namespace guildfleet::store {

enum class store_error {
  cannot_open = 1,   // the file or its lock file cannot be opened or created
  no_directory,      // the directory of the file is missing and cannot be made
  read_only,         // the file, its directory or its file system cannot be written
  corrupt,           // the bytes are not a sound database
  not_a_store,       // a database, but of another program
  newer_schema,      // written by a newer release
  disk_full,         // no space left for the write; the transaction was undone
  busy,              // another process kept the database locked for too long
  io_failed,         // the system reported an error while reading or writing
  backup_failed,     // the copy before a migration could not be made; nothing was migrated
  migration_failed,  // a migration failed and was undone
  bot_runs_twice,    // a living process with the same node name owns this shard
  queue_full,        // too many calls wait for the store's thread
  stopped,           // the store's thread has been told to stop
  unreachable,  // the server does not answer, refuses, or the connection broke before anything was written
  refused,      // the server answers and does not let us in: password, database, TLS, too many connections
  outcome_unknown,  // the connection broke while a transaction was being committed; it may have been kept
  timed_out,        // the caller's deadline passed; the call may still be carried out
  already_exists,   // a row of this name is there
  too_large,        // more bytes than a row of this kind may have
  failed,           // a statement failed in a way that only a bug explains
};

[[nodiscard]] std::string_view sentence(store_error value);
[[nodiscard]] inline std::error_code make_error_code(store_error value) {
  return base::enum_error_code(value, "store");
}

}  // namespace guildfleet::store

template <>
struct std::is_error_code_enum<guildfleet::store::store_error> : std::true_type {};
