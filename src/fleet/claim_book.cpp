#include "fleet/claim_book.hpp"

#include <bit>
#include <utility>

namespace guildfleet::fleet {

feature_bits claim_book::learn(discord::guild_id guild, feature_bits owned, feature_bits taken,
                               base::steady_time asked_at) {
  entry& known = guilds_[guild];
  feature_bits begun = owned & ~known.owned;
  if (asked_at >= known.settled_at) begun |= owned & std::exchange(known.settling, 0);
  known.settling = (known.settling & owned) | taken;
  if (taken != 0) known.settled_at = asked_at + timing_.settle;
  known.owned = owned;
  known.until = asked_at + timing_.down_limit;
  return begun;
}

feature_bits claim_book::owned(discord::guild_id guild, base::steady_time now) const {
  const auto found = guilds_.find(guild);
  if (found == guilds_.end()) return 0;
  const entry& known = found->second;
  if (now >= known.until && !keep_when_silent_) return 0;
  return now >= known.settled_at ? known.owned : known.owned & ~known.settling;
}

std::size_t claim_book::held() const {
  std::size_t count = 0;
  for (const auto& [guild, known] : guilds_) count += static_cast<std::size_t>(std::popcount(known.owned));
  return count;
}

}  // namespace guildfleet::fleet
