#include "fleet/cut_schedule.hpp"

#include <algorithm>
#include <set>

namespace guildfleet::fleet {

using base::steady_time;

cut_delay delay_of(cut_obstacle why) {
  return why == cut_obstacle::too_young ? cut_delay::young : cut_delay::unclear;
}

void cut_schedule::set_guilds(std::span<const discord::guild_id> guilds, steady_time now) {
  const std::set<discord::guild_id> present(guilds.begin(), guilds.end());
  // What is under way is told by its end.
  std::erase_if(guilds_,
                [&](const auto& each) { return !each.second.under_way && !present.contains(each.first); });
  for (const discord::guild_id guild : present) guilds_.try_emplace(guild, entry{.due = now});
}

std::vector<discord::guild_id> cut_schedule::begin(steady_time now) {
  std::vector<std::pair<steady_time, discord::guild_id>> due;
  for (const auto& [guild, item] : guilds_) {
    if (!item.under_way && item.due <= now) due.emplace_back(item.due, guild);
  }
  // Who waits longest goes first.
  std::ranges::sort(due);
  const std::size_t room = limits_.at_once > under_way_ ? limits_.at_once - under_way_ : 0;
  if (due.size() > room) due.resize(room);
  std::vector<discord::guild_id> out;
  for (const auto& [at, guild] : due) {
    guilds_[guild].under_way = true;
    out.push_back(guild);
  }
  under_way_ += out.size();
  return out;
}

void cut_schedule::went_over(discord::guild_id guild) {
  const auto found = guilds_.find(guild);
  if (found == guilds_.end()) return;
  under_way_ -= found->second.under_way ? 1U : 0U;
  guilds_.erase(found);
}

void cut_schedule::put_off(discord::guild_id guild, cut_delay why, steady_time now) {
  const auto found = guilds_.find(guild);
  if (found == guilds_.end() || !found->second.under_way) return;
  --under_way_;
  found->second.under_way = false;
  found->second.due = now + pause(why, found->second.attempts++);
}

std::chrono::milliseconds cut_schedule::pause(cut_delay why, std::uint32_t attempts) const {
  const auto first = why == cut_delay::busy    ? limits_.busy_after
                     : why == cut_delay::young ? limits_.young_after
                                               : limits_.unclear_after;
  constexpr std::uint32_t most_doublings = 10;
  return std::min(first * (1 << std::min(attempts, most_doublings)), limits_.longest);
}

steady_time cut_schedule::next_due() const {
  if (under_way_ >= limits_.at_once) return steady_time::max();
  steady_time due = steady_time::max();
  for (const auto& [guild, item] : guilds_) {
    if (!item.under_way) due = std::min(due, item.due);
  }
  return due;
}

}  // namespace guildfleet::fleet
