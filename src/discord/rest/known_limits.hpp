// What a limiter has learned of Discord's limits, for a limiter on another node that goes on with the same
// guilds. Nothing of calls that carry a token of their own (interactions, webhooks): their buckets are of no
// use elsewhere, and tokens stay where they are.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace guildfleet::discord {

// A bucket whose window has not ended. Durations from the moment it was asked.
struct known_window {
  std::string hash{};   // Discord's X-RateLimit-Bucket
  std::string major{};  // the channel, guild or webhook
  int limit = 1;
  int left = 0;                              // requests under way subtracted
  std::chrono::milliseconds resets_in{0};    // and the window is new
  std::chrono::milliseconds length{1'000};   // of a window
  std::chrono::milliseconds blocked_for{0};  // after a 429
  bool operator==(const known_window&) const = default;
};

// Which bucket a route draws from.
struct known_route {
  std::string route{};  // route::name
  std::string hash{};
  bool operator==(const known_route&) const = default;
};

struct known_limits {
  std::vector<known_window> windows{};  // those with the fewest requests left first
  std::vector<known_route> routes{};
  std::chrono::milliseconds all_blocked_for{0};  // after a 429 of the global limit
  [[nodiscard]] bool empty() const {
    return windows.empty() && routes.empty() && all_blocked_for.count() == 0;
  }
  bool operator==(const known_limits&) const = default;
};

}  // namespace guildfleet::discord
