// What `guildfleet status` prints, made of the answer to GET /health.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "cli/command.hpp"

namespace guildfleet::cli {

// Whether the node is ready and each of its bots works: none is stopped or only starting. False when
// `health_json` is no such answer.
[[nodiscard]] bool all_serve(std::string_view health_json);

// Prints the table. fine when all serve, failed otherwise.
[[nodiscard]] exit_code print_status(std::string_view health_json, const terminal& to);

// "3d 04h", "2h 05m", "45s"
[[nodiscard]] std::string duration_text(std::int64_t seconds);

}  // namespace guildfleet::cli
