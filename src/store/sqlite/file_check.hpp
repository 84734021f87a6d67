// What is looked at before SQLite opens a file, so that an error names its real reason.
#pragma once

#include <string>

#include "base/result.hpp"

namespace guildfleet::store {

// Creates the last directory and the file (mode 0600) when missing; checks that both can be written and that
// a file with content begins like a SQLite database. Errors: no_directory, cannot_open, read_only, corrupt,
// disk_full.
[[nodiscard]] base::result<void> prepare_database_file(const std::string& path);

// Creates an empty file with mode 0600, or empties it.
[[nodiscard]] base::result<void> make_empty_file(const std::string& path);

}  // namespace guildfleet::store
