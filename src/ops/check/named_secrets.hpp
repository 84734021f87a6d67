// Files with secrets that a configuration names.
#pragma once

#include <string>
#include <vector>

#include "ops/check/file_kind.hpp"
#include "ops/check/finding.hpp"

namespace guildfleet::ops {

// As they are written: `file` of Compose's secrets, token_file and the like of a fleet.yaml; of other kinds
// none.
[[nodiscard]] std::vector<std::string> secret_files_named_in(file_kind kind, const source_text& file);

}  // namespace guildfleet::ops
