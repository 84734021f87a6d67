// Channel bodies of POST and PATCH (protocol sheet 3.6).
#pragma once

#include "sim/rest/form.hpp"
#include "sim/world/state.hpp"

namespace guildfleet::sim {

struct channel_changes {
  json::object fields{};  // to be stored as they are
  std::optional<int> type{};
  std::optional<int> position{};
  std::optional<id> parent{};  // 0: none
  std::optional<std::vector<overwrite>> overwrites{};
};

// `type` is the channel's; limits that depend on it (topic, user limit) follow it. Errors go to the form.
[[nodiscard]] channel_changes read_channel(const form& body, int type);

}  // namespace guildfleet::sim
