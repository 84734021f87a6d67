#include "store/error.hpp"

namespace guildfleet::store {

std::string_view sentence(store_error value) {
  switch (value) {
    case store_error::cannot_open:
      return "the store cannot be opened";
    case store_error::no_directory:
      return "the directory of the store does not exist and cannot be created";
    case store_error::read_only:
      return "the store cannot be written";
    case store_error::corrupt:
      return "the file is damaged or no SQLite database";
    case store_error::not_a_store:
      return "the database belongs to another program";
    case store_error::newer_schema:
      return "the store was written by a newer release of guildfleet";
    case store_error::disk_full:
      return "no space is left for the store; nothing of this change was written, earlier data is intact";
    case store_error::busy:
      return "another process kept the store locked for too long";
    case store_error::io_failed:
      return "the system could not read or write the store";
    case store_error::backup_failed:
      return "the copy before the migration could not be made; nothing was migrated";
    case store_error::migration_failed:
      return "a migration failed and was undone";
    case store_error::bot_runs_twice:
      return "another living process with this node name already runs this bot";
    case store_error::queue_full:
      return "too many calls wait for the store";
    case store_error::stopped:
      return "the store is being closed";
    case store_error::unreachable:
      return "the database server cannot be reached";
    case store_error::refused:
      return "the database server does not accept this connection";
    case store_error::outcome_unknown:
      return "the connection broke while a change was being written; it may or may not have been kept";
    case store_error::timed_out:
      return "the store did not answer in time";
    case store_error::already_exists:
      return "something of this name is there already";
    case store_error::too_large:
      return "more bytes than the store keeps of this; nothing was written";
    case store_error::failed:
      return "the store failed in an unexpected way";
  }
  return "unknown error";
}

}  // namespace guildfleet::store
