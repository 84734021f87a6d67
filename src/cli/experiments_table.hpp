// What `guildfleet experiments` prints, made of the answer to GET /health.
#pragma once

#include <string_view>

#include "cli/command.hpp"

namespace guildfleet::cli {

// Both groups of each experiment side by side, with a note where nothing can be concluded from them. failed
// when `health_json` is no such answer.
[[nodiscard]] exit_code print_experiments(std::string_view health_json, const terminal& to);

// An array of the experiments as /health has them, each with `bot`, and with `enough`: whether there is
// enough to compare.
[[nodiscard]] exit_code print_experiments_json(std::string_view health_json, const terminal& to);

}  // namespace guildfleet::cli
