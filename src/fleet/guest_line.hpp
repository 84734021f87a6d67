// Guild delegation, the owner's side: the events of some guilds of a shard go to a node of another release,
// in order, while the session stays here. That node, the guest, may act until a moment that lies within the
// owner's own lease, and says which events have ended. When it is not heard of until then, its right is over
// and the events that have not ended come back. No I/O, no clock; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "discord/model/ids.hpp"
#include "fleet/lease_time.hpp"
#include "store/rows.hpp"

namespace guildfleet::fleet {

// What the guest is sent, in the order of `place`, which grows by one.
struct guest_entry {
  enum class kind : std::uint8_t {
    event,  // a whole gateway message
    guild   // the state of a guild before its next event
  };
  std::uint64_t place = 0;
  kind what = kind::event;
  std::uint64_t sequence = 0;  // of an event
  discord::guild_id guild{};   // of a state
  std::string bytes{};
};

// An event that came back: nobody else acts on it any more.
struct returned_event {
  std::uint64_t sequence = 0;
  std::string message;
};

// What the guest says of itself, each time.
struct guest_word {
  std::uint64_t received = 0;  // it has everything up to this place
  std::uint64_t finished = 0;  // events up to this sequence have ended
  bool quits = false;          // it acts no more, whatever it was granted
  bool operator==(const guest_word&) const = default;
};

struct guest_limits {
  std::size_t max_events = 10'000;
  std::size_t max_bytes = 32U << 20U;
  std::chrono::milliseconds grant{5'000};
  std::chrono::milliseconds margin{500};  // clocks of two machines run at different speeds
};

class guest_line final {
 public:
  explicit guest_line(guest_limits limits = {}) : limits_(limits) {}

  // `guest` asks for the first time. False: the right of the last one has not ended, or its events have not
  // come back; the same one's too, which may have forgotten what it was sent.
  [[nodiscard]] bool admit(const store::node_identity& guest);
  [[nodiscard]] const std::optional<store::node_identity>& guest() const { return guest_; }
  // Told apart from what an earlier guest says; grows.
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }

  // Its request. Returns the sequences of the events that ended since.
  [[nodiscard]] std::vector<std::uint64_t> hear(const guest_word& word);
  // For how long from the sending of its request it may act. 0: not at all.
  [[nodiscard]] std::chrono::milliseconds grant(boot_time now, boot_time lease_until);
  // What it has not received, in order: at most `max_bytes`, but at least one.
  [[nodiscard]] std::vector<const guest_entry*> unsent(std::size_t max_bytes) const;
  [[nodiscard]] bool has_unsent() const { return !entries_.empty() && entries_.back().place > received_; }

  // Whether it is the first event of this guild for the guest: then its state goes before it.
  [[nodiscard]] bool introduce(discord::guild_id guild) { return introduced_.insert(guild).second; }
  [[nodiscard]] bool knows(discord::guild_id guild) const { return introduced_.contains(guild); }
  void add_state(discord::guild_id guild, std::string state);
  // False: too many wait for the guest.
  [[nodiscard]] bool add_event(std::uint64_t sequence, std::string_view message);

  // No further grants: the guest ends by itself, at lapse() at the latest.
  void dismiss() { dismissed_ = true; }
  [[nodiscard]] bool dismissed() const { return dismissed_; }
  // Whether nobody but this node may act for these guilds any more.
  [[nodiscard]] bool is_over(boot_time now) const { return !guest_ || quit_ || now >= granted_until_; }
  [[nodiscard]] boot_time granted_until() const { return granted_until_; }
  // After is_over(): what has not ended, in order; then there is no guest.
  [[nodiscard]] std::vector<returned_event> take_back();

  [[nodiscard]] std::size_t events() const { return events_; }  // that have not ended

 private:
  guest_limits limits_;
  std::optional<store::node_identity> guest_;
  std::uint64_t epoch_ = 0;
  std::deque<guest_entry> entries_;  // states that were not received, events that have not ended
  std::uint64_t next_place_ = 1;
  std::uint64_t received_ = 0;
  std::size_t events_ = 0;
  std::size_t bytes_ = 0;
  std::set<discord::guild_id> introduced_;
  boot_time granted_until_{};
  bool dismissed_ = false;
  bool quit_ = false;
};

}  // namespace guildfleet::fleet
