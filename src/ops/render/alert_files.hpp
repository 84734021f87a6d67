// The alert rules of docs/alerts/, which the build takes into the program.
#pragma once

#include <span>
#include <string_view>

namespace guildfleet::ops {

struct alert_file {
  std::string_view name;  // "shards" of docs/alerts/shards.yml
  std::string_view text;  // all of it: what Prometheus reads by rule_files
};

// By name.
[[nodiscard]] std::span<const alert_file> alert_rule_files();

}  // namespace guildfleet::ops
