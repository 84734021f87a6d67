#include "features/automod/member_history.hpp"

#include <algorithm>

namespace guildfleet::features::automod_rules {

written_by& member_history::of(member_key who) {
  const auto found = by_member_.find(who);
  if (found != by_member_.end()) {
    latest_first_.splice(latest_first_.begin(), latest_first_, found->second);
    return latest_first_.front();
  }
  if (by_member_.size() >= most_members) {
    by_member_.erase(latest_first_.back().who);
    latest_first_.pop_back();
  }
  latest_first_.push_front({.who = who});
  by_member_.emplace(who, latest_first_.begin());
  return latest_first_.front();
}

void member_history::forget(discord::guild_id guild) {
  std::erase_if(by_member_, [guild](const auto& each) { return each.first.guild == guild; });
  std::erase_if(latest_first_, [guild](const written_by& each) { return each.who.guild == guild; });
}

void remember(written_by& by, written_message message, base::wall_time since) {
  std::erase_if(by.messages, [since](const written_message& each) { return each.id.created_at() < since; });
  if (std::ranges::find(by.messages, message.id, &written_message::id) != by.messages.end()) return;
  if (by.messages.size() >= most_messages) by.messages.erase(by.messages.begin());
  by.messages.push_back(message);
}

}  // namespace guildfleet::features::automod_rules
