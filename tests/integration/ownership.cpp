#include "integration/ownership.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace guildfleet::integration {
namespace {

using history = std::vector<lease_change>;  // of one shard

std::string name_of(const lease_change& change) {
  return change.node.empty() ? "nobody" : fmt::format("{} (epoch {})", change.node, change.epoch);
}

bool same_owner(const lease_change& left, const lease_change& right) {
  return left.node == right.node && left.incarnation == right.incarnation;
}

class checker final {
 public:
  explicit checker(std::chrono::nanoseconds tolerance) : tolerance_(tolerance) {}

  void check_changes(const history& changes) {
    const lease_change* owned = nullptr;  // the last that named an owner
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const lease_change& now = changes[i];
      if (i > 0) check_epoch(changes[i - 1], now, owned);
      if (i > 0) check_taking(changes[i - 1], now);
      if (!now.node.empty()) owned = &now;
    }
  }

  void check_action(const history& changes, const owner_action& action) {
    // Of all leases in force within the tolerance one must allow it.
    const auto after = std::ranges::upper_bound(changes, action.at + tolerance_, {}, &lease_change::at);
    bool was_owner = false;
    for (auto it = after; it != changes.begin();) {
      --it;
      if (it->node == action.node) {
        was_owner = true;
        if (action.at <= it->expires + tolerance_) return;
      }
      if (it->at <= action.at - tolerance_) break;
    }
    const std::string owner = after == changes.begin() ? "nobody" : name_of(*std::prev(after));
    add(was_owner ? breach::expired : breach::not_owner, action.at,
        fmt::format("{} handled message {} of shard {}, owned by {}", action.node, action.message,
                    action.shard, owner));
  }

  std::vector<violation> take() {
    std::ranges::sort(found_, {}, &violation::at);
    return std::move(found_);
  }

 private:
  void check_epoch(const lease_change& before, const lease_change& now, const lease_change* owned) {
    const bool new_owner = owned != nullptr && !now.node.empty() && !same_owner(*owned, now);
    if (now.epoch > before.epoch || (now.epoch == before.epoch && !new_owner)) return;
    add(breach::epoch_went_back, now.at,
        fmt::format("shard {}: {} after {}, epoch {}", now.shard, name_of(now), name_of(before), now.epoch));
  }

  void check_taking(const lease_change& before, const lease_change& now) {
    if (before.node.empty() || now.node.empty() || same_owner(before, now) || now.handed_over) return;
    if (now.at + tolerance_ >= before.expires) return;
    add(breach::taken_early, now.at,
        fmt::format("shard {}: {} took it from {} before its end", now.shard, name_of(now), name_of(before)));
  }

  void add(breach what, base::steady_time at, std::string text) {
    found_.push_back({what, at, std::move(text)});
  }

  std::chrono::nanoseconds tolerance_;
  std::vector<violation> found_;
};

}  // namespace

std::vector<violation> find_violations(std::span<const lease_change> changes,
                                       std::span<const owner_action> actions,
                                       std::chrono::nanoseconds tolerance) {
  std::map<std::uint32_t, history> by_shard;
  for (const lease_change& each : changes) by_shard[each.shard].push_back(each);
  checker check(tolerance);
  for (const auto& [shard, of_shard] : by_shard) check.check_changes(of_shard);
  for (const owner_action& each : actions) check.check_action(by_shard[each.shard], each);
  return check.take();
}

}  // namespace guildfleet::integration
