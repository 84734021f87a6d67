// What `guildfleet status` prints, made of the answer to GET /health.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "cli/command.hpp"

namespace guildfleet::cli {

// Prints the table. fine when the node is ready, failed when it is not or when `health_json` is no such
// answer.
[[nodiscard]] exit_code print_status(std::string_view health_json, const terminal& to);

// "3d 04h", "2h 05m", "45s"
[[nodiscard]] std::string duration_text(std::int64_t seconds);

}  // namespace guildfleet::cli
