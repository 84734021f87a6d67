#include "fleet/lagging_sequence.hpp"

#include <algorithm>

namespace guildfleet::fleet {

void lagging_sequence::restart(std::uint64_t sequence) {
  told_ = sequence;
  seen_.clear();
}

std::uint64_t lagging_sequence::at(base::steady_time now, std::uint64_t low, bool may_advance) {
  if (!may_advance) {
    seen_.clear();
    return told_;
  }
  if (seen_.empty() || seen_.back().second != low) seen_.emplace_back(now, low);
  while (!seen_.empty() && seen_.front().first + lag_ <= now) {
    told_ = std::max(told_, seen_.front().second);
    // The newest stays what is shown while nothing changes.
    if (seen_.size() == 1) break;
    seen_.pop_front();
  }
  return told_;
}

}  // namespace guildfleet::fleet
