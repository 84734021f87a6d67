#include "integration/action_account.hpp"

#include <algorithm>
#include <ranges>

namespace guildfleet::integration {
namespace {

constexpr std::chrono::seconds reading_time{10};

}  // namespace

void action_account::add(const std::string& node, const node_action& what) {
  const std::lock_guard lock(mutex_);
  ++times_[what.message];
  by_shard_[what.shard].push_back({node, what.shard, what.message, what.begun});
}

std::size_t action_account::distinct() const {
  const std::lock_guard lock(mutex_);
  return times_.size();
}

std::size_t action_account::repeated() const {
  const std::lock_guard lock(mutex_);
  std::size_t all = 0;
  for (const auto& [message, times] : times_) all += times - 1;
  return all;
}

std::vector<std::uint64_t> action_account::messages_divisible_by(std::uint64_t divisor) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::uint64_t> out;
  for (const auto& [message, times] : times_) {
    if (message % divisor == 0) out.push_back(message);
  }
  return out;
}

std::vector<owner_action> action_account::actions() const {
  const std::lock_guard lock(mutex_);
  std::vector<owner_action> out;
  for (const auto& [shard, actions] : by_shard_) out.insert(out.end(), actions.begin(), actions.end());
  return out;
}

std::optional<base::steady_time> action_account::taken_over(std::uint32_t shard, const std::string& from,
                                                            base::steady_time after) const {
  const std::lock_guard lock(mutex_);
  std::optional<base::steady_time> first;
  const auto found = by_shard_.find(shard);
  if (found == by_shard_.end()) return first;
  // What several nodes did is in order but for the time that reading their files takes.
  for (const owner_action& each : found->second | std::views::reverse) {
    if (each.at + reading_time < after) break;
    if (each.node != from && each.at > after && (!first || each.at < *first)) first = each.at;
  }
  return first;
}

bool action_account::acted(std::uint32_t shard, base::steady_time from, base::steady_time until) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_shard_.find(shard);
  return found != by_shard_.end() && std::ranges::any_of(found->second, [&](const owner_action& each) {
           return each.at > from && each.at < until;
         });
}

}  // namespace guildfleet::integration
