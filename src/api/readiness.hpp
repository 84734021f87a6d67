// Decides what /livez and /readyz answer.
#pragma once

#include <chrono>
#include <string>

#include "bot/fleet_status.hpp"

namespace guildfleet::api {

struct readiness_settings {
  std::chrono::milliseconds reconnect_grace{
      60'000};  // a shard that was connected this recently counts as connected
  std::chrono::milliseconds loop_limit{5'000};  // a loop that has not turned for so long is stuck
};

struct verdict {
  bool good = false;
  std::string text;  // one line: what is fine, or what is not
};

// Alive: the event loops turn, nothing else. Discord and the store are never asked: restarting a process
// helps neither, and a restart storm burns identifies.
[[nodiscard]] verdict judge_liveness(const bot::fleet_snapshot& snapshot, const readiness_settings& settings);

// Remembers that the node was ready once: later outages of Discord or of the store do not take that back (a
// rollout would deadlock); only stopping does. A standby that holds no shard is ready.
class readiness_judge final {
 public:
  explicit readiness_judge(readiness_settings settings = {}) : settings_(settings) {}
  [[nodiscard]] verdict judge(const bot::fleet_snapshot& snapshot);

 private:
  readiness_settings settings_;
  bool was_ready_ = false;
};

}  // namespace guildfleet::api
