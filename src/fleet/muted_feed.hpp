// One shard of the new set while its bot changes the number of shards: it keeps events and acts on none until
// their guild goes over to it. No I/O, no clock; one thread.
//
// Until then the old set answers for everything: whenever this session was not whole, all that it has is
// forgotten and the account begins anew.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "fleet/retiring_feed.hpp"

namespace guildfleet::fleet {

enum class muted_verdict : std::uint8_t {
  keep,  // copied; it comes back from apply(), or is passed
  act,
  drop,  // the old set acts, or acted, on it
};

// What becomes of the kept events of a guild that went over.
struct taken_over {
  std::vector<held_event> act{};        // in this order
  std::vector<std::uint64_t> passed{};  // sequences on which the old set acted
};

class muted_feed final {
 public:
  explicit muted_feed(cut_limits limits = {}) : limits_(limits) {}

  // As stored, when the same session is resumed, before its first event and after begin_anew(); `saved` is
  // the sequence that it is resumed from.
  void restore(const guild_cut& cut, std::uint64_t saved);
  // The guild went over before this session began.
  void restore_settled(discord::guild_id guild) { cuts_[guild]; }

  // As retiring_feed's.
  void begin_anew();
  void whole(base::steady_time now);
  void broken();

  // In the order of the session, each sequence once.
  [[nodiscard]] muted_verdict take(const feed_event& event, base::steady_time now);

  // The old shard has stopped acting for this guild. What is returned is to be stored, and then apply() or
  // cancel() is due; until then its events are kept.
  [[nodiscard]] std::expected<guild_cut, cut_obstacle> plan(discord::guild_id guild,
                                                            const acted_events& old_set, bool guess = false);
  // What was restored() since has been applied already.
  [[nodiscard]] taken_over apply(const guild_cut& cut);
  void cancel(discord::guild_id guild);
  // There is no old set any more, and it never knew the guilds that are left: what was kept of them, in the
  // order of the session.
  [[nodiscard]] std::vector<held_event> take_kept();
  [[nodiscard]] bool acts_for(discord::guild_id guild) const { return cuts_.contains(guild); }

  // Now and then: lets go what is old, and ends the account of guilds that went over long ago. `low`: the
  // session's low watermark.
  void settle(base::steady_time now, std::uint64_t low);
  // Sequences of kept events that the old set answers for, or that went over their bounds.
  [[nodiscard]] std::vector<std::uint64_t> take_passed() { return std::exchange(passed_, {}); }
  // What the ledger stores must not be later; nullopt: it may be anything.
  [[nodiscard]] std::optional<std::uint64_t> floor() const;

  [[nodiscard]] std::size_t kept_events() const { return kept_events_; }
  [[nodiscard]] std::size_t kept_bytes() const { return kept_bytes_; }

 private:
  struct entry {
    fresh_arrival seen;
    std::string text;
  };
  // Of a guild that went over.
  struct live_cut {
    std::uint64_t position = 0;
    std::vector<std::uint64_t> open{};
    owed_events owed{{}};
    base::steady_time stopped_at{};
    bool settled = true;
    std::uint64_t last = 0;  // the sequence with which its account ended
  };
  using entries = std::deque<entry>;

  [[nodiscard]] static muted_verdict judge(live_cut& cut, const feed_event& event);
  void let_go(entry& item);
  void forget(discord::guild_id guild);
  void forget_all_muted();
  void forget_old(base::steady_time now);

  cut_limits limits_;
  std::optional<base::steady_time> whole_since_;
  base::steady_time forgotten_until_{};  // what came before is not known any more
  std::uint64_t highest_ = 0;
  std::unordered_map<discord::guild_id, entries> muted_;
  std::map<discord::guild_id, std::uint64_t> planned_;  // with their positions
  std::unordered_map<discord::guild_id, live_cut> cuts_;
  std::set<discord::guild_id> unsettled_;
  std::vector<std::uint64_t> passed_;
  std::size_t arrivals_ = 0;
  std::size_t kept_events_ = 0;
  std::size_t kept_bytes_ = 0;
};

}  // namespace guildfleet::fleet
