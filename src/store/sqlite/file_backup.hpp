// A copy of a SQLite file while it is used.
#pragma once

#include <string>

#include "base/result.hpp"

namespace guildfleet::store {

// What was committed in `path` before, whole, goes to `copy` (mode 0600), in place of what is there. Blocks.
// Error: backup_failed.
[[nodiscard]] base::result<void> back_up_sqlite(const std::string& path, const std::string& copy);

}  // namespace guildfleet::store
