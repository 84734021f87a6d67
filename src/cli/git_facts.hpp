// What git knows of a file, read from the repository itself: no program is started.
#pragma once

#include <filesystem>
#include <vector>

#include "base/variables.hpp"
#include "ops/check/env_file.hpp"

namespace guildfleet::cli {

// Looks for a repository in the folders above. Ignored is what a .gitignore above, .git/info/exclude or the
// person's own ignore file names.
[[nodiscard]] ops::git_state git_state_of(const std::filesystem::path& file,
                                          const base::variable_lookup& variables);

// Files below `folder` that git has and that hold nothing but a secret, as far as their names tell; at most
// 1,000, each with `folder` before it. They are not opened.
[[nodiscard]] std::vector<std::filesystem::path> secret_files_in_git(const std::filesystem::path& folder);

}  // namespace guildfleet::cli
