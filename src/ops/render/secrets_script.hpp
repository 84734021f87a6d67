// A shell script that makes the files of a deployment's secrets.
#pragma once

#include <string>

#include "ops/render/deployment.hpp"

namespace guildfleet::ops {

// Makes up what may be made up, asks for the rest without showing it, keeps what is there. `folder` is where
// the files lie, relative to the script.
[[nodiscard]] std::string secrets_script(const deployment& all, const std::string& header);

}  // namespace guildfleet::ops
