// A bot that changes its number of shards runs two sets of them for a while. What a shard of either set does
// differently meanwhile. One shard, its reactor; no I/O.
#pragma once

#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "discord/model/event_type.hpp"
#include "fleet/cut_schedule.hpp"
#include "fleet/lagging_sequence.hpp"
#include "fleet/muted_feed.hpp"
#include "fleet/retiring_feed.hpp"
#include "fleet/watermark.hpp"
#include "store/rollout_rows.hpp"

namespace guildfleet::bot {

// Which set a shard belongs to.
enum class set_role : std::uint8_t {
  only,      // there is no other
  retiring,  // the old one
  muted      // the new one
};

// A guild for which the old set has stopped, and what it had acted on; or why it goes on.
struct guild_offer {
  discord::guild_id guild{};
  store::lease_key shard;  // of the old set
  std::uint64_t epoch = 0;
  std::expected<fleet::acted_events, fleet::cut_delay> acted = std::unexpected(fleet::cut_delay::young);
};

// The new shard's answer: what is to be stored before it acts; or why it does not.
struct cut_answer {
  discord::guild_id guild{};
  std::expected<fleet::guild_cut, fleet::cut_delay> cut = std::unexpected(fleet::cut_delay::young);
  store::guild_cut_write write{};
};

// Those of the guilds that fall on the shard.
[[nodiscard]] std::vector<discord::guild_id> those_of(discord::shard_id shard,
                                                      std::span<const discord::guild_id> guilds);

// Of a shard of the old set.
class retiring_side final {
 public:
  // `cut`: guilds that went over already. `progress`, the shard's, outlives it.
  retiring_side(std::span<const discord::guild_id> cut, const fleet::watermark& progress);

  [[nodiscard]] fleet::retiring_verdict take(const fleet::feed_event& event, base::steady_time now);
  // Something for this guild was begun that has not ended.
  [[nodiscard]] bool is_busy(discord::guild_id guild);
  // An event that was held is begun.
  void begun(discord::guild_id guild, std::uint64_t sequence);
  void begin_anew();

  fleet::retiring_feed feed;

 private:
  void forget_ended(std::vector<std::uint64_t>& sequences) const;

  const fleet::watermark& progress_;
  std::uint64_t begun_before_;  // up to this sequence it is not known of which guild they are
  std::unordered_map<discord::guild_id, std::vector<std::uint64_t>> open_;  // may have ended since
};

// Of a shard of the new set.
class muted_side final {
 public:
  // `cuts`: those of this shard, as stored. `open`: it acts for guilds that never went over too, as there is
  // no old set any more.
  muted_side(std::span<const store::guild_cut_row> cuts, bool open);

  [[nodiscard]] fleet::muted_verdict take(const fleet::feed_event& event, base::steady_time now);
  // The session `id` begins from `sequence`; an empty id: another session than before.
  void begin_session(const std::string& id, std::uint64_t sequence);
  // Stored; `session` is the one that runs now. The events that are to be acted on, and those that are not.
  [[nodiscard]] fleet::taken_over apply(const store::guild_cut_row& row, const std::string& session,
                                        base::steady_time now);
  // From now on it acts for all guilds.
  void open() { open_ = true; }
  [[nodiscard]] bool is_open() const { return open_; }
  [[nodiscard]] bool acts_for(discord::guild_id guild) const { return open_ || feed.acts_for(guild); }
  // What may be stored, when the session stands at `low`; `guilds_muted`: some guilds are the old set's yet.
  [[nodiscard]] std::uint64_t storable(base::steady_time now, std::uint64_t low, bool guilds_muted);
  // Whether every old shard shows everything. Otherwise what they write down of guilds is too old.
  void old_set_is_whole(bool whole) { old_whole_ = whole; }

  fleet::muted_feed feed;

 private:
  std::map<discord::guild_id, store::guild_cut_row> cuts_;
  fleet::lagging_sequence behind_;
  std::uint64_t storable_ = 0;  // as it was told last
  bool open_;
  bool old_whole_ = false;
};

}  // namespace guildfleet::bot
