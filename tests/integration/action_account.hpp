// An account of what several nodes did, which grows while they run. May be used from any thread.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>

#include "integration/action_log.hpp"
#include "integration/ownership.hpp"

namespace guildfleet::integration {

class action_account final {
 public:
  void add(const std::string& node, const node_action& what);

  [[nodiscard]] std::size_t distinct() const;
  // Actions beyond the first of each message. A killed node's last ones may be done again, unseen.
  [[nodiscard]] std::size_t repeated() const;
  [[nodiscard]] std::vector<std::uint64_t> messages_divisible_by(std::uint64_t divisor) const;
  [[nodiscard]] std::vector<owner_action> actions() const;
  // When a node other than this one first acted for the shard after that moment.
  [[nodiscard]] std::optional<base::steady_time> taken_over(std::uint32_t shard, const std::string& from,
                                                            base::steady_time after) const;
  // Whether anybody acted for the shard in between.
  [[nodiscard]] bool acted(std::uint32_t shard, base::steady_time from, base::steady_time until) const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::uint32_t> times_;  // by message
  std::map<std::uint32_t, std::vector<owner_action>> by_shard_;
};

}  // namespace guildfleet::integration
