#include "fleet/muted_feed.hpp"

#include <algorithm>

namespace guildfleet::fleet {

using base::steady_time;

void muted_feed::restore(const guild_cut& cut, std::uint64_t saved) {
  if (saved > cut.position) return restore_settled(cut.guild);
  cuts_[cut.guild] = {cut.position, cut.open, owed_events(cut.owed), {}, false};
  unsettled_.insert(cut.guild);
}

void muted_feed::begin_anew() {
  whole_since_.reset();
  muted_.clear();
  cuts_.clear();
  unsettled_.clear();
  passed_.clear();
  highest_ = 0;
  arrivals_ = kept_events_ = kept_bytes_ = 0;
}

void muted_feed::whole(steady_time now) {
  whole_since_ = now;
}

void muted_feed::broken() {
  whole_since_.reset();
  forget_all_muted();
}

muted_verdict muted_feed::take(const feed_event& event, steady_time now) {
  highest_ = std::max(highest_, event.sequence);
  if (const auto cut = cuts_.find(event.guild); cut != cuts_.end()) return judge(cut->second, event);
  if (!whole_since_ && !planned_.contains(event.guild)) return muted_verdict::drop;
  muted_[event.guild].push_back({{event.sequence, {event.what, now}, true}, std::string(event.text)});
  ++arrivals_;
  ++kept_events_;
  kept_bytes_ += event.text.size();
  const bool too_much = kept_events_ > limits_.max_events || kept_bytes_ > limits_.max_bytes ||
                        arrivals_ > limits_.max_arrivals;
  if (too_much) {
    forget_all_muted();
    if (whole_since_) whole_since_ = now;
  }
  return muted_verdict::keep;
}

muted_verdict muted_feed::judge(live_cut& cut, const feed_event& event) {
  if (cut.settled) return muted_verdict::act;
  if (event.sequence <= cut.position)
    return std::ranges::binary_search(cut.open, event.sequence) ? muted_verdict::act : muted_verdict::drop;
  return cut.owed.take(event.what) ? muted_verdict::drop : muted_verdict::act;
}

std::expected<guild_cut, cut_obstacle> muted_feed::plan(discord::guild_id guild, const acted_events& old_set,
                                                        bool guess) {
  if (!whole_since_) return std::unexpected(cut_obstacle::too_young);
  std::vector<fresh_arrival> fresh;
  if (const auto found = muted_.find(guild); found != muted_.end()) {
    for (const entry& each : found->second) fresh.push_back(each.seen);
  }
  auto cut = match_feeds(old_set, fresh, std::max(*whole_since_, forgotten_until_), limits_, guess);
  if (!cut) return cut;
  cut->guild = guild;
  cut->position = highest_;
  cut->stopped_at = old_set.stopped_at;
  planned_[guild] = cut->position;
  return cut;
}

taken_over muted_feed::apply(const guild_cut& cut) {
  taken_over out;
  planned_.erase(cut.guild);
  if (cuts_.contains(cut.guild)) return out;
  live_cut live{cut.position, cut.open, owed_events(cut.owed), cut.stopped_at, false};
  if (const auto found = muted_.find(cut.guild); found != muted_.end()) {
    for (entry& each : found->second) {
      --arrivals_;
      if (!each.seen.kept) continue;
      --kept_events_;
      kept_bytes_ -= each.text.size();
      const feed_event event{cut.guild, each.seen.sequence, each.seen.arrival.what, each.text};
      if (judge(live, event) == muted_verdict::act)
        out.act.push_back({each.seen.sequence, std::move(each.text)});
      else
        out.passed.push_back(each.seen.sequence);
    }
    muted_.erase(found);
  }
  cuts_[cut.guild] = std::move(live);
  unsettled_.insert(cut.guild);
  return out;
}

void muted_feed::cancel(discord::guild_id guild) {
  planned_.erase(guild);
  if (!whole_since_) forget(guild);
}

std::vector<held_event> muted_feed::take_kept() {
  std::vector<held_event> out;
  for (auto& [guild, events] : muted_) {
    for (entry& each : events) {
      if (each.seen.kept) out.push_back({each.seen.sequence, std::move(each.text)});
    }
  }
  std::ranges::sort(out, {}, &held_event::sequence);
  muted_.clear();
  planned_.clear();
  arrivals_ = kept_events_ = kept_bytes_ = 0;
  return out;
}

void muted_feed::settle(steady_time now, std::uint64_t low) {
  forget_old(now);
  for (auto next = unsettled_.begin(); next != unsettled_.end();) {
    live_cut& cut = cuts_[*next];
    const bool ends =
        !cut.settled && whole_since_ && now > std::max(cut.stopped_at, *whole_since_) + limits_.delay;
    if (ends) cut = {.position = cut.position, .settled = true, .last = highest_};
    // What was told by the account may come again until the ledger has passed it.
    next = cut.settled && low >= cut.last ? unsettled_.erase(next) : std::next(next);
  }
}

std::optional<std::uint64_t> muted_feed::floor() const {
  std::optional<std::uint64_t> low;
  // Of those too that may be stored already.
  for (const auto& [guild, position] : planned_) low = std::min(low.value_or(position), position);
  for (const discord::guild_id guild : unsettled_) {
    const std::uint64_t position = cuts_.at(guild).position;
    low = std::min(low.value_or(position), position);
  }
  return low;
}

void muted_feed::let_go(entry& item) {
  if (!item.seen.kept) return;
  item.seen.kept = false;
  passed_.push_back(item.seen.sequence);
  --kept_events_;
  kept_bytes_ -= item.text.size();
  item.text = std::string();
}

void muted_feed::forget(discord::guild_id guild) {
  const auto found = muted_.find(guild);
  if (found == muted_.end()) return;
  for (entry& each : found->second) let_go(each);
  arrivals_ -= found->second.size();
  muted_.erase(found);
}

void muted_feed::forget_all_muted() {
  std::vector<discord::guild_id> guilds;
  for (const auto& [guild, events] : muted_) {
    if (!planned_.contains(guild)) guilds.push_back(guild);
  }
  for (const discord::guild_id guild : guilds) forget(guild);
}

void muted_feed::forget_old(steady_time now) {
  for (auto next = muted_.begin(); next != muted_.end();) {
    auto& [guild, events] = *next;
    if (!planned_.contains(guild)) {
      while (!events.empty() && events.front().seen.arrival.at + limits_.history < now) {
        let_go(events.front());
        forgotten_until_ = std::max(forgotten_until_, events.front().seen.arrival.at);
        events.pop_front();
        --arrivals_;
      }
      for (entry& each : events) {
        if (each.seen.arrival.at + limits_.keep >= now) break;
        let_go(each);
      }
    }
    next = events.empty() && !planned_.contains(guild) ? muted_.erase(next) : std::next(next);
  }
}

}  // namespace guildfleet::fleet
