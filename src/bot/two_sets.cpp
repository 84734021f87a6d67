#include "bot/two_sets.hpp"

#include <algorithm>

#include "fleet/guild_cut_json.hpp"

namespace guildfleet::bot {
namespace {

// The old set may be shown an event so much later, and writes down what it changed within a second or two.
constexpr std::chrono::seconds old_set_has_written{10};

}  // namespace

std::vector<discord::guild_id> those_of(discord::shard_id shard, std::span<const discord::guild_id> guilds) {
  std::vector<discord::guild_id> out;
  std::ranges::copy_if(guilds, std::back_inserter(out), [shard](discord::guild_id guild) {
    return discord::shard_of(guild, shard.count) == shard;
  });
  return out;
}

retiring_side::retiring_side(std::span<const discord::guild_id> cut, const fleet::watermark& progress)
    : progress_(progress), begun_before_(progress.highest()) {
  for (const discord::guild_id guild : cut) (void)feed.cut(guild);
}

fleet::retiring_verdict retiring_side::take(const fleet::feed_event& event, base::steady_time now) {
  const auto verdict = feed.take(event, now);
  if (verdict != fleet::retiring_verdict::act) return verdict;
  begun(event.guild, event.sequence);
  return verdict;
}

void retiring_side::begun(discord::guild_id guild, std::uint64_t sequence) {
  std::vector<std::uint64_t>& sequences = open_[guild];
  if (sequences.size() == sequences.capacity()) forget_ended(sequences);
  sequences.push_back(sequence);
}

void retiring_side::forget_ended(std::vector<std::uint64_t>& sequences) const {
  std::erase_if(sequences, [this](std::uint64_t sequence) { return !progress_.is_open(sequence); });
}

bool retiring_side::is_busy(discord::guild_id guild) {
  if (progress_.low() < begun_before_) return true;
  const auto found = open_.find(guild);
  if (found == open_.end()) return false;
  forget_ended(found->second);
  if (!found->second.empty()) return true;
  open_.erase(found);
  return false;
}

void retiring_side::begin_anew() {
  open_.clear();
  begun_before_ = 0;
  feed.begin_anew();
}

muted_side::muted_side(std::span<const store::guild_cut_row> cuts, bool open)
    : behind_(old_set_has_written), open_(open) {
  for (const store::guild_cut_row& each : cuts) cuts_.emplace(each.guild, each);
}

fleet::muted_verdict muted_side::take(const fleet::feed_event& event, base::steady_time now) {
  if (open_ && !feed.acts_for(event.guild)) return fleet::muted_verdict::act;
  return feed.take(event, now);
}

void muted_side::begin_session(const std::string& id, std::uint64_t sequence) {
  feed.begin_anew();
  behind_.restart(sequence);
  storable_ = sequence;
  for (const auto& [guild, row] : cuts_) {
    const bool same = !id.empty() && row.session_id == id;
    if (const auto cut = fleet::guild_cut_from_json(guild, row.account); same && cut)
      feed.restore(*cut, sequence);
    else
      feed.restore_settled(guild);
  }
}

fleet::taken_over muted_side::apply(const store::guild_cut_row& row, const std::string& session,
                                    base::steady_time now) {
  cuts_.insert_or_assign(row.guild, row);
  fleet::guild_cut cut{.guild = row.guild};
  // Of a session that was lost meanwhile the account says nothing of this one's events.
  if (auto stored = fleet::guild_cut_from_json(row.guild, row.account); stored && row.session_id == session)
    cut = std::move(*stored);
  cut.stopped_at = now;
  return feed.apply(cut);
}

std::uint64_t muted_side::storable(base::steady_time now, std::uint64_t low, bool guilds_muted) {
  const std::uint64_t bound = std::min(low, feed.floor().value_or(low));
  const std::uint64_t behind = behind_.at(now, bound, old_whole_ || !guilds_muted);
  // Guilds that join are muted at first; what was stored before they came stays.
  storable_ = std::max(storable_, guilds_muted ? std::min(behind, bound) : bound);
  return storable_;
}

}  // namespace guildfleet::bot
