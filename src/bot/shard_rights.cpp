// Where the shard acts, for which features, and what they know of its guilds.
#include "bot/shard.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::chrono::seconds loading_looked_at_every{1};

}  // namespace

bool shard::misses(discord::guild_id guild) const {
  return is_left_alone(guild) || (may_fetch_ && fetcher_.misses(guild)) ||
         (serves(guild) && !claims_.knows(guild)) || !roster_.knows(guild);
}

net::task<> shard::bring(discord::guild_id guild) {
  co_await leave_alone(guild);
  if (may_fetch_ && fetcher_.misses(guild)) co_await fetcher_.bring(guild);
  if (serves(guild)) co_await claims_.bring(guild);
  co_await roster_.bring(guild);
}

bool shard::owns(discord::guild_id guild, std::size_t feature) const {
  return serves(guild) && (!exclusive_[feature] || claims_.owns(guild, *exclusive_[feature]));
}

bool shard::may_act(discord::guild_id guild, std::size_t feature) const {
  return owns(guild, feature) && !roster_.misses(guild, feature);
}

bool shard::acts_here(discord::guild_id guild, std::size_t feature) const {
  if (guests_.knows(guild) || (retiring_ && retiring_->feed.is_cut(guild))) return false;
  return (!muted_ || muted_->acts_for(guild)) && owns(guild, feature);
}

bool shard::is_live() const {
  if (visit_epoch_ != 0) return true;
  return machine_ && !ahead_ && machine_->state() == discord::session_state::live &&
         gate_.permits(fleet::boot_now(parts_.clock));
}

void shard::forget_guilds() {
  moments_.forget_all();
  roster_.forget_all();
}

void shard::note_settings(discord::guild_id guild, const std::string& feature) {
  roster_.note_settings(guild, feature);
}

net::task<bool> shard::acts_for(discord::guild_id guild, std::size_t feature) {
  if (exclusive_[feature] && !claims_.knows(guild)) co_await claims_.bring(guild);
  co_return owns(guild, feature);
}

net::task<bool> shard::make_ready(discord::guild_id guild, std::size_t feature) {
  const bool acts = co_await acts_for(guild, feature);
  if (acts) co_await roster_.bring(guild);
  co_return acts;
}

// The deletion of its data is scheduled first: until the claims are given up it counts as a guild of the bot,
// and a process that begins again finds that it was left.
net::task<> shard::leave_guild(discord::guild_id guild) {
  co_await departures_.begin(guild);
  co_await claims_.leave(guild);
}

net::task<> shard::find_departures() {
  while (co_await session_live_.wait(net::no_deadline())) {
    while (!is_live() || guilds_.loading_count() > 0) {
      if (!co_await net::sleep_until(net::deadline_in(loading_looked_at_every))) co_return;
    }
    if (visit_epoch_ == 0 && !retiring_ && !muted_)
      co_await departures_.find(key_.shard, guilds_.guild_ids());
  }
}

}  // namespace guildfleet::bot
