// Where two gateway sessions of one bot show the same events, what one of them showed that the other was
// acted on for. For each guild, when it goes over from an old set of shards to a new one. Deciders.
//
// Two sessions that are whole show an event within `delay` of each other, in whatever order. So while an
// event of some kind is shown by neither for longer than that, both have shown the same ones of this kind
// before; and of those that came since the old set acted on as many as it was shown.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "discord/model/ids.hpp"
#include "fleet/event_identity.hpp"

namespace guildfleet::fleet {

struct cut_limits {
  std::chrono::milliseconds delay{5'000};     // between two sessions that are whole
  std::chrono::milliseconds keep{20'000};     // events of the new set: longer than any guild's cut takes
  std::chrono::milliseconds history{60'000};  // what came when, without the events
  std::size_t max_arrivals = 500'000;         // of those, of a shard
  std::size_t max_events = 50'000;            // kept, of a shard
  std::size_t max_bytes = 64U << 20U;
};

struct feed_arrival {
  event_identity what;
  base::steady_time at{};
  bool operator==(const feed_arrival&) const = default;
};

// What the old set acted on for a guild, until it stopped for good or for the time being.
struct acted_events {
  base::steady_time whole_since{};  // its session has shown everything from here on
  base::steady_time stopped_at{};   // it acted on nothing that came later
  std::vector<feed_arrival> arrivals{};
};

// An event that the new set was shown.
struct fresh_arrival {
  std::uint64_t sequence = 0;
  feed_arrival arrival{};
  bool kept = false;  // the event itself is still there
};

struct counted_event {
  event_identity what;
  std::uint32_t count = 0;
  bool operator==(const counted_event&) const = default;
};

// A guild goes over: the new shard acts for it. Stored before it does, so that one that begins again from its
// ledger decides the same of every event.
struct guild_cut {
  discord::guild_id guild{};
  std::uint64_t position = 0;         // of the new session: what came later is told by `owed`
  std::vector<std::uint64_t> open{};  // sequences up to it that nobody acted on, ascending; of the rest the
                                      // old set has
  std::vector<counted_event> owed{};  // the old set acted on, and the new one is to be shown yet; ascending
  base::steady_time stopped_at{};     // acted_events::stopped_at; not stored
  bool operator==(const guild_cut&) const = default;
};

enum class cut_obstacle : std::uint8_t {
  too_young,  // one of the sessions was not whole for long enough
  behind,     // the old set was not shown something that the new one was shown long ago
  restless,   // events of one kind come so often that they cannot be told apart yet
};
[[nodiscard]] std::string_view name_of(cut_obstacle value);

// What the new set may do once the old one has stopped; `fresh` in the order of its session. With `guess` an
// obstacle stops nothing: what is doubtful is acted on rather than lost.
[[nodiscard]] std::expected<guild_cut, cut_obstacle> match_feeds(const acted_events& old_set,
                                                                 std::span<const fresh_arrival> fresh,
                                                                 base::steady_time fresh_whole_since,
                                                                 const cut_limits& limits,
                                                                 bool guess = false);

// The events after a cut, of one guild: which of them the old set acted on.
class owed_events final {
 public:
  explicit owed_events(std::span<const counted_event> owed) : left_(owed.begin(), owed.end()) {}

  // Once for each event, in the order of the session. True: the old set acted on it.
  [[nodiscard]] bool take(const event_identity& what);
  [[nodiscard]] bool empty() const { return left_.empty(); }

 private:
  std::vector<counted_event> left_;  // ascending
};

}  // namespace guildfleet::fleet
