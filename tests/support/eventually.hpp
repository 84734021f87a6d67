// Waiting for a state that can only be asked for: what a node or the simulator answers over HTTP, what
// another thread publishes. Nothing tells when it changes, so it is asked again and again until a deadline.
// What the kernel can tell (output of a process, its end) is waited for with child_process.hpp and
// waiting.hpp.
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
