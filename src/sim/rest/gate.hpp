// Decides whether a request may pass the rate limits, and says so in headers.
#pragma once

#include "sim/rest/limits.hpp"
#include "sim/rest/rest_api.hpp"

namespace guildfleet::sim {

struct gate_request {
  std::string_view method;
  std::string_view route;
  std::string_view major;
  std::string_view owner;  // token, or the address without one
  bool counts_globally = true;
};

struct gate_verdict {
  enum class scope { none, user, shared, global };
  scope limited = scope::none;
  std::chrono::milliseconds retry_after{0};
  bool while_limited = false;  // the sender could have known
  net::http_fields headers;    // of the bucket
};

class rate_gate final {
 public:
  explicit rate_gate(const rest_settings& settings) : settings_(settings) {}

  [[nodiscard]] gate_verdict pass(const gate_request& request, base::wall_time wall, base::steady_time now);
  // After an injected or a sub-limit 429: requests of this bucket (or of the whole bot) before the time are
  // refused.
  void block(const gate_request& request, gate_verdict::scope scope, std::chrono::milliseconds time,
             base::steady_time now);
  // A request that passed, yet was refused for all routes at once, leaves its bucket as it was: such an
  // answer names no bucket, so the sender could not count it.
  void give_back(const gate_request& request);

 private:
  struct blockade {
    base::steady_time until{};
    base::steady_time known_from{};  // before, the answer that told of it may have been under way
    gate_verdict::scope scope = gate_verdict::scope::user;
  };
  [[nodiscard]] std::optional<gate_verdict> blocked(const std::string& key, base::steady_time now) const;

  const rest_settings& settings_;
  window_counter buckets_;
  window_counter global_;
  std::unordered_map<std::string, blockade> blockades_;
};

// 429 with the body and headers of its scope.
[[nodiscard]] net::http_response too_many_requests(const gate_verdict& verdict);

}  // namespace guildfleet::sim
