// What can be rendered, by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "ops/fleet_config.hpp"
#include "ops/render/rendered_file.hpp"

namespace guildfleet::ops {

// "compose", "nginx", ...
[[nodiscard]] std::vector<std::string> render_targets();

// `target` is one of them. Errors: ops_error::not_renderable.
[[nodiscard]] base::result<rendering> render(std::string_view target, const fleet_config& config);

}  // namespace guildfleet::ops
