// Stores as they are named on the command line.
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/variables.hpp"
#include "store/copy/table_side.hpp"

namespace guildfleet::cli {

// A file's path, or where the address of a server is to be found: `env:NAME`, `file:PATH`, or postgresql://
// without a password in it, which would be seen in the list of processes. Errors: store_error;
// std::errc::invalid_argument (no such variable or file), std::errc::permission_denied (a password).
[[nodiscard]] base::result<std::unique_ptr<store::table_side>> open_place(
    const std::string& place, const base::variable_lookup& variables, const base::clock& clock);

}  // namespace guildfleet::cli
