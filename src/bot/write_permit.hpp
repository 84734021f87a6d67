// The right to act for one shard, as it is read right before a request is written.
#pragma once

#include <atomic>
#include <cstdint>

#include "fleet/lease_time.hpp"

namespace guildfleet::bot {

// Written on the shard's reactor, read on any.
class write_permit final {
 public:
  void until(fleet::boot_time deadline) {
    deadline_.store(deadline.time_since_epoch().count(), std::memory_order_relaxed);
  }
  void revoke() { deadline_.store(0, std::memory_order_relaxed); }
  [[nodiscard]] bool permits(fleet::boot_time now) const {
    return now.time_since_epoch().count() < deadline_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::int64_t> deadline_{0};
};

}  // namespace guildfleet::bot
