#include "api/v1/failure_limit.hpp"

#include <algorithm>

namespace guildfleet::api::v1 {

std::chrono::seconds failure_limit::wait_of(const std::string& address, base::steady_time now) const {
  const auto found = forgiven_at_.find(address);
  if (found == forgiven_at_.end()) return {};
  const auto may_try_at = found->second - settings_.refill * (settings_.failures - 1);
  return std::max(std::chrono::ceil<std::chrono::seconds>(may_try_at - now), std::chrono::seconds(0));
}

void failure_limit::failed(const std::string& address, base::steady_time now) {
  base::steady_time& at = forgiven_at_[address];
  at = std::max(at, now) + settings_.refill;
  if (forgiven_at_.size() <= settings_.max_addresses) return;
  const auto oldest =
      std::ranges::min_element(forgiven_at_, {}, [](const auto& each) { return each.second; });
  forgiven_at_.erase(oldest);
}

}  // namespace guildfleet::api::v1
