// Services of a Compose file that take over what another one says.
#pragma once

#include <string>
#include <vector>

#include "base/yaml_document.hpp"
#include "ops/check/finding.hpp"

namespace guildfleet::ops {

// Puts into each service with `extends: NAME` or `extends: { service: NAME }` what that one has and it does
// not say itself, as Compose does: mappings are joined, lists are appended, and of other values its own
// counts. The key is gone then. Of another file nothing is read: there it stays. False, with a problem: a
// circle, a service that is not there, or too much altogether.
[[nodiscard]] bool resolve_extends(base::yaml_node& services, const std::string& source,
                                   base::problem_list& problems);

// The files that are named so.
[[nodiscard]] std::vector<named_path> extended_files_of(const source_text& file);

}  // namespace guildfleet::ops
