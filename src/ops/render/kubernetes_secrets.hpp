// Shell scripts that make the files of a deployment's secrets, and put them into a cluster.
#pragma once

#include <string>

#include "ops/render/deployment.hpp"

namespace guildfleet::ops {

// Makes secrets/ beside the script: for the person alone, who hands them on.
[[nodiscard]] std::string make_secrets_script(const deployment& all, const std::string& header);

// `kubectl create secret` for each file of secrets/ beside the script; again when one has changed. Makes the
// namespace where it is missing.
[[nodiscard]] std::string apply_secrets_script(const deployment& all, const std::string& name_space,
                                               const std::string& header);

}  // namespace guildfleet::ops
