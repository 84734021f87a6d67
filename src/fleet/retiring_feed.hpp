// One shard of the old set while its bot changes the number of shards: it acts on everything until a guild
// goes over, and keeps an account of what it acted on. No I/O, no clock; one thread.
#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "fleet/cut_window.hpp"

namespace guildfleet::fleet {

enum class retiring_verdict : std::uint8_t {
  act,
  hold,  // copied; it comes back from resume(), or is the new set's after cut()
  drop,  // the new set acts for this guild
};

// An event that a feature wants.
struct feed_event {
  discord::guild_id guild{};  // empty: of no guild, which is a guild of its own
  std::uint64_t sequence = 0;
  event_identity what{};
  std::string_view text{};  // the whole gateway message
};

struct held_event {
  std::uint64_t sequence = 0;
  std::string text{};
  bool operator==(const held_event&) const = default;
};

class retiring_feed final {
 public:
  explicit retiring_feed(cut_limits limits = {}) : limits_(limits) {}

  // The session shows everything from now on: its guilds have come, or it was resumed.
  void whole(base::steady_time now) { whole_since_ = now; }
  // Its connection is gone; what comes next may be late.
  void broken() { whole_since_.reset(); }

  // The shard begins again from its ledger: what came since comes again. Guilds stay paused or cut.
  void begin_anew();

  // In the order of the session.
  [[nodiscard]] retiring_verdict take(const feed_event& event, base::steady_time now);

  // False: it is paused or cut already. What comes from now on is held.
  bool pause(discord::guild_id guild, base::steady_time now);
  [[nodiscard]] bool is_paused(discord::guild_id guild) const { return paused_.contains(guild); }
  // Once its handlers have ended. nullopt: the session is not whole just now.
  [[nodiscard]] std::optional<acted_events> acted(discord::guild_id guild) const;
  // The cut was not made: to be acted on, in this order.
  [[nodiscard]] std::vector<held_event> resume(discord::guild_id guild);
  // The cut was made: the sequences that were held are the new set's.
  [[nodiscard]] std::vector<std::uint64_t> cut(discord::guild_id guild);
  [[nodiscard]] bool is_cut(discord::guild_id guild) const { return cut_.contains(guild); }

  // What is held beyond the limits; then cuts are to be given up.
  [[nodiscard]] bool is_full() const {
    return held_events_ > limits_.max_events || held_bytes_ > limits_.max_bytes;
  }

 private:
  struct pause_of {
    base::steady_time since{};
    std::vector<held_event> held{};
    std::vector<feed_arrival> arrivals{};  // of the held ones
  };

  void note(discord::guild_id guild, const feed_arrival& arrival);
  void forget_before(base::steady_time time);

  cut_limits limits_;
  std::optional<base::steady_time> whole_since_;
  base::steady_time forgotten_until_{};
  std::unordered_map<discord::guild_id, std::deque<feed_arrival>> acted_;
  std::deque<std::pair<base::steady_time, discord::guild_id>> order_;  // of all that is in acted_
  std::unordered_map<discord::guild_id, pause_of> paused_;
  std::unordered_set<discord::guild_id> cut_;
  std::size_t held_events_ = 0;
  std::size_t held_bytes_ = 0;
};

}  // namespace guildfleet::fleet
