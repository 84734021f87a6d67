// Waiting for what another thread or process does.
#pragma once

#include <chrono>
#include <thread>

namespace guildfleet::support {

// True as soon as `condition` holds; false when it does not within `limit`. It is looked at once at least.
template <class Condition>
[[nodiscard]] bool eventually(std::chrono::milliseconds limit, Condition condition) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace guildfleet::support
