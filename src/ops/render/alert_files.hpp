// The alert rules of docs/alerts/, as they were when the program was built.
#pragma once

#include <string_view>
#include <vector>

namespace guildfleet::ops {

struct alert_file {
  std::string_view name;  // "shards.yml"
  std::string_view text;
};

// In the order of their names. The views are valid for ever.
[[nodiscard]] std::vector<alert_file> alert_rule_files();

}  // namespace guildfleet::ops
