// A shell script that makes the files of a deployment's secrets.
#pragma once

#include <string>
#include <vector>

#include "ops/render/deployment.hpp"

namespace guildfleet::ops {

// Makes up what may be made up, asks for the rest without showing it, keeps what is there: files in the
// folder secrets beside the script.
[[nodiscard]] std::string secrets_script(const deployment& all, const std::string& header);

// The part of it that any script may use: makes files in the folder $secrets, which must be there, under the
// umask of the script. Afterwards $missing is 1 when there was nobody to ask for one.
[[nodiscard]] std::string secret_lines(const std::vector<needed_secret>& secrets);

}  // namespace guildfleet::ops
