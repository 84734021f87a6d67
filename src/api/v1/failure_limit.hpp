// How often an address may come with a wrong token.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "base/clock.hpp"

namespace guildfleet::api::v1 {

struct failure_limit_settings {
  std::uint32_t failures = 10;        // at once
  std::chrono::seconds refill{6};     // after which one more is allowed
  std::size_t max_addresses = 4'096;  // more: the one that failed longest ago is forgotten
};

// A decider; one thread.
class failure_limit final {
 public:
  explicit failure_limit(failure_limit_settings settings = {}) : settings_(settings) {}

  // How long this address has to wait; zero: it may try.
  [[nodiscard]] std::chrono::seconds wait_of(const std::string& address, base::steady_time now) const;
  void failed(const std::string& address, base::steady_time now);

 private:
  // When all of its failures will be forgiven.
  std::map<std::string, base::steady_time> forgiven_at_;
  failure_limit_settings settings_;
};

}  // namespace guildfleet::api::v1
