// The script that puts rendered units and their secrets into place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ops/render/deployment.hpp"
#include "ops/render/rendered_file.hpp"

namespace guildfleet::ops {

inline constexpr std::string_view host_secrets_folder = "/etc/guildfleet/secrets";

// "guildfleet@music.service"
[[nodiscard]] std::string unit_of(const service& of);

// It shows what it does, changes nothing that is right already, and never overwrites a secret. With DESTDIR
// it writes below that folder, for who makes a package, and touches nothing of the machine that it runs on.
[[nodiscard]] std::string install_script(const deployment& all, const std::vector<rendered_file>& files,
                                         const std::string& header);

}  // namespace guildfleet::ops
