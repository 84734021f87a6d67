// Whom a text mentions, as allowed_mentions permits (protocol sheet 3.5).
#pragma once

#include "sim/world/state.hpp"

namespace guildfleet::sim {

struct mention_set {
  std::vector<id> users;
  std::vector<id> roles;
  bool everyone = false;
};

// `allowed` absent: all, or users only.
[[nodiscard]] mention_set find_mentions(std::string_view content, const std::optional<json::object>& allowed,
                                        bool users_only_by_default);

}  // namespace guildfleet::sim
