// What git knows of a file, read from the repository itself: no program is started.
#pragma once

#include <filesystem>

#include "base/variables.hpp"
#include "ops/check/env_file.hpp"

namespace guildfleet::cli {

// Looks for a repository in the folders above. Ignored is what a .gitignore above, .git/info/exclude or the
// person's own ignore file names.
[[nodiscard]] ops::git_state git_state_of(const std::filesystem::path& file,
                                          const base::variable_lookup& variables);

}  // namespace guildfleet::cli
