#include "fleet/retiring_feed.hpp"

#include <algorithm>

namespace guildfleet::fleet {

using base::steady_time;

void retiring_feed::begin_anew() {
  whole_since_.reset();
  acted_.clear();
  order_.clear();
  for (auto& [guild, paused] : paused_) {
    paused.held.clear();
    paused.arrivals.clear();
  }
  held_events_ = held_bytes_ = 0;
}

retiring_verdict retiring_feed::take(const feed_event& event, steady_time now) {
  if (cut_.contains(event.guild)) return retiring_verdict::drop;
  const auto paused = paused_.find(event.guild);
  if (paused == paused_.end()) {
    note(event.guild, {event.what, now});
    return retiring_verdict::act;
  }
  paused->second.held.push_back({event.sequence, std::string(event.text)});
  paused->second.arrivals.push_back({event.what, now});
  ++held_events_;
  held_bytes_ += event.text.size();
  return retiring_verdict::hold;
}

void retiring_feed::note(discord::guild_id guild, const feed_arrival& arrival) {
  forget_before(arrival.at - limits_.history);
  if (order_.size() >= limits_.max_arrivals) forget_before(order_[order_.size() / 2].first);
  acted_[guild].push_back(arrival);
  order_.emplace_back(arrival.at, guild);
}

void retiring_feed::forget_before(steady_time time) {
  while (!order_.empty() && order_.front().first < time) {
    const auto account = acted_.find(order_.front().second);
    account->second.pop_front();
    if (account->second.empty()) acted_.erase(account);
    forgotten_until_ = std::max(forgotten_until_, order_.front().first);
    order_.pop_front();
  }
}

bool retiring_feed::pause(discord::guild_id guild, steady_time now) {
  if (cut_.contains(guild)) return false;
  return paused_.try_emplace(guild, pause_of{.since = now}).second;
}

std::optional<acted_events> retiring_feed::acted(discord::guild_id guild) const {
  const auto paused = paused_.find(guild);
  if (paused == paused_.end() || !whole_since_ || *whole_since_ > paused->second.since) return std::nullopt;
  acted_events out{.whole_since = std::max(*whole_since_, forgotten_until_),
                   .stopped_at = paused->second.since};
  if (const auto account = acted_.find(guild); account != acted_.end())
    out.arrivals.assign(account->second.begin(), account->second.end());
  return out;
}

std::vector<held_event> retiring_feed::resume(discord::guild_id guild) {
  const auto paused = paused_.find(guild);
  if (paused == paused_.end()) return {};
  pause_of of = std::move(paused->second);
  paused_.erase(paused);
  for (const feed_arrival& each : of.arrivals) note(guild, each);
  for (const held_event& each : of.held) held_bytes_ -= each.text.size();
  held_events_ -= of.held.size();
  return std::move(of.held);
}

std::vector<std::uint64_t> retiring_feed::cut(discord::guild_id guild) {
  cut_.insert(guild);
  std::vector<std::uint64_t> sequences;
  const auto paused = paused_.find(guild);
  if (paused == paused_.end()) return sequences;
  for (const held_event& each : paused->second.held) {
    sequences.push_back(each.sequence);
    held_bytes_ -= each.text.size();
  }
  held_events_ -= sequences.size();
  paused_.erase(paused);
  return sequences;
}

}  // namespace guildfleet::fleet
