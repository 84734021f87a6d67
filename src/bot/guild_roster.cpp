#include "bot/guild_roster.hpp"

#include <algorithm>
#include <utility>

#include "net/cancellation.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::size_t guilds_a_call = 500;
constexpr std::chrono::milliseconds patience{2'000};
constexpr std::chrono::milliseconds again_after{5'000};
constexpr std::chrono::milliseconds gathered_for{50};  // guilds come by the hundred

}  // namespace

guild_roster::guild_roster(net::asio::any_io_executor executor, roster_parts parts)
    : parts_(std::move(parts)),
      wanted_(executor),
      loaded_(executor),
      failures_(parts_.metrics.counter_of("guildfleet_bot_guild_load_failures_total",
                                          "Guilds' records and settings that a feature could not read in "
                                          "time; events pass it by until it can",
                                          {{"bot", parts_.bot.value}})) {}

void guild_roster::add(std::size_t place, std::string name, features::feature& instance) {
  names_.push_back(name);
  members_.push_back({place, std::move(name), &instance});
}

guild_roster::feature_bits guild_roster::wanted(discord::guild_id guild) const {
  feature_bits bits = 0;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (parts_.acts(guild, members_[i].place)) bits |= feature_bits{1} << i;
  }
  return bits;
}

const guild_roster::guild_entry* guild_roster::find(discord::guild_id guild) const {
  const auto found = entries_.find(guild);
  return found == entries_.end() ? nullptr : &found->second;
}

bool guild_roster::is_failing() const {
  return failing_ && parts_.clock.steady_now() < again_at_;
}

bool guild_roster::knows(discord::guild_id guild) const {
  if (members_.empty() || guild.empty()) return true;
  const guild_entry* entry = find(guild);
  return (wanted(guild) & ~(entry == nullptr ? 0 : entry->told)) == 0 || is_failing();
}

bool guild_roster::misses(discord::guild_id guild, std::size_t place) const {
  if (members_.empty() || guild.empty()) return false;
  const auto at = std::ranges::find(members_, place, &member::place);
  if (at == members_.end()) return false;
  const guild_entry* entry = find(guild);
  return entry == nullptr || ((entry->told >> static_cast<unsigned>(at - members_.begin())) & 1U) == 0;
}

net::task<> guild_roster::bring(discord::guild_id guild) {
  const net::deadline until = net::deadline_in(patience);
  while (!knows(guild)) {
    const guild_entry* entry = find(guild);
    if (entry != nullptr && entry->loading) {
      if (!co_await loaded_.wait(until)) co_return;
    } else if (!co_await tell({guild})) {
      co_return;
    }
  }
}

net::task<> guild_roster::renew(discord::guild_id guild) {
  const net::deadline until = net::deadline_in(patience);
  while (true) {
    const guild_entry* entry = find(guild);
    if (entry == nullptr || entry->stale == 0 || is_failing()) co_return;
    if (entry->loading) {
      if (!co_await loaded_.wait(until)) co_return;
    } else if (!co_await tell({guild})) {
      co_return;
    }
  }
}

net::task<> guild_roster::run() {
  while (!co_await net::is_cancelled()) {
    (void)co_await wanted_.wait(failing_ ? net::deadline_in(again_after) : net::no_deadline());
    if (!co_await net::sleep_until(net::deadline_in(gathered_for))) co_return;
    if (!parts_.is_live()) continue;
    const guild_list all = take_away_and_collect();
    for (std::size_t first = 0; first < all.size() && !is_failing() && parts_.is_live();
         first += guilds_a_call) {
      const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
      guild_list some(begin,
                      begin + static_cast<std::ptrdiff_t>(std::min(guilds_a_call, all.size() - first)));
      std::erase_if(some, [this](discord::guild_id guild) {
        const guild_entry* entry = find(guild);
        return entry != nullptr && entry->loading;
      });
      (void)co_await tell(std::move(some));
    }
  }
}

// Takes guilds away from features that do not act there any more; those that a feature is to be told of.
guild_roster::guild_list guild_roster::take_away_and_collect() {
  guild_list out;
  for (const auto& [guild, entry] : entries_) {
    if (parts_.guilds.find_guild(guild) == nullptr) out.push_back(guild);
  }
  for (const discord::guild_id guild : std::exchange(out, {})) forget(guild);
  for (const discord::guild_id guild : parts_.guilds.guild_ids()) {
    const feature_bits now = wanted(guild);
    const auto found = entries_.find(guild);
    const guild_entry entry = found == entries_.end() ? guild_entry{} : found->second;
    if (!entry.loading && (entry.told & ~now) != 0) take_away(guild, entry.told & ~now);
    const bool there = parts_.guilds.find_guild(guild)->available;
    if (!entry.loading && there && ((now & ~entry.told) != 0 || (entry.stale & now) != 0))
      out.push_back(guild);
  }
  return out;
}

void guild_roster::take_away(discord::guild_id guild, feature_bits which) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (((which >> i) & 1U) != 0) members_[i].instance->on_guild_lost(guild);
  }
  guild_entry& entry = entries_[guild];
  entry.told &= ~which;
  entry.stale &= ~which;
}

net::task<bool> guild_roster::tell(guild_list guilds) {
  if (guilds.empty()) co_return true;
  std::vector<feature_bits> acts;
  for (const discord::guild_id guild : guilds) {
    guild_entry& entry = entries_[guild];
    entry.loading = true;
    entry.lost = false;
    entry.stale = 0;  // a change from here on is told once more
    acts.push_back(wanted(guild));
  }
  const auto in_use = co_await parts_.store_threads.run(
      [store = parts_.store, environment = parts_.environment, bot = parts_.bot, guilds, names = names_] {
        return store->features_in_use(environment, bot, guilds, names);
      },
      net::deadline_in(patience));
  feature_bits told = 0;
  if (in_use) {
    told = co_await tell_members(guilds, *in_use);
  } else {
    note_failure(in_use.error().message());
  }
  bool any_lost = false;
  for (std::size_t i = 0; i < guilds.size(); ++i) {
    guild_entry& entry = entries_[guilds[i]];
    entry.loading = false;
    entry.told |= told & acts[i];
    if (entry.stale != 0) look();
    if (!entry.lost) continue;
    any_lost = true;
    take_away(guilds[i], ~feature_bits{0});
    entries_.erase(guilds[i]);
  }
  loaded_.notify();
  const bool whole = told == (feature_bits{1} << (members_.size() - 1U) << 1U) - 1U;
  failing_ = !whole;
  co_return whole && !any_lost;
}

// The members that know all of these guilds now.
net::task<guild_roster::feature_bits> guild_roster::tell_members(
    const guild_list& guilds, const std::vector<store::feature_of_guild>& in_use) {
  feature_bits told = 0;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const member& who = members_[i];
    guild_list used;
    for (const store::feature_of_guild& each : in_use) {
      if (each.feature == who.name && parts_.acts(each.guild, who.place)) used.push_back(each.guild);
    }
    std::ranges::sort(used);
    for (const discord::guild_id guild : guilds) {
      const guild_entry* entry = find(guild);
      const bool had = entry != nullptr && ((entry->told >> i) & 1U) != 0;
      if (had && !std::ranges::binary_search(used, guild)) who.instance->on_guild_lost(guild);
    }
    if (used.empty() || co_await tell_member(who, std::move(used))) told |= feature_bits{1} << i;
  }
  co_return told;
}

net::task<bool> guild_roster::tell_member(const member& who, guild_list guilds) {
  std::string why = "it could not read them";
  try {
    if (co_await who.instance->on_guilds_gained(std::move(guilds))) co_return true;
  } catch (const std::exception& thrown) {
    why = thrown.what();
  }
  note_failure(who.name + ": " + why);
  co_return false;
}

void guild_roster::note_failure(const std::string& why) {
  failures_.add();
  again_at_ = parts_.clock.steady_now() + again_after;
  if (!failing_)
    parts_.log.warn("what a feature keeps of guilds could not be read; their events pass it by",
                    base::field("reason", why));
  failing_ = true;
}

void guild_roster::note_settings(discord::guild_id guild, std::string_view feature) {
  const auto entry = entries_.find(guild);
  const auto at = std::ranges::find(members_, feature, &member::name);
  if (entry == entries_.end() || at == members_.end()) return;
  entry->second.stale |= feature_bits{1} << static_cast<unsigned>(at - members_.begin());
  look();
}

void guild_roster::note_all_settings() {
  if (entries_.empty()) return;
  for (auto& [guild, entry] : entries_) entry.stale = entry.told;
  look();
}

void guild_roster::forget(discord::guild_id guild) {
  const auto found = entries_.find(guild);
  if (found == entries_.end()) return;
  take_away(guild, ~feature_bits{0});
  if (found->second.loading)
    found->second.lost = true;
  else
    entries_.erase(found);
}

void guild_roster::forget_all() {
  guild_list all;
  for (const auto& [guild, entry] : entries_) all.push_back(guild);
  for (const discord::guild_id guild : all) forget(guild);
}

}  // namespace guildfleet::bot
