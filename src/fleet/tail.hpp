// Tail permits: a shard goes to another node while handlers of it still run here. They end here, within a
// moment that both sides know, and until then the successor leaves their guilds alone. No I/O, no clock; one
// thread.
//
//   old node                                   successor
//   note: what has not ended, what runs   ──>  keeps it for the lease that comes next
//   lease                                 ──>  resumes; events of the guilds that run there wait
//   word: what still runs                 ──>  those that ended well are passed, the others handled
//   its permit is over: cuts them off          not heard of for the permit and a margin: handles them
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "discord/model/ids.hpp"
#include "fleet/lease_time.hpp"

namespace guildfleet::fleet {

// An event whose handler runs; of no guild: a direct message.
struct tail_event {
  std::uint64_t sequence = 0;
  discord::guild_id guild{};
  bool operator==(const tail_event&) const = default;
};

// What the successor is told before the lease is its own.
struct tail_note {
  std::uint64_t epoch = 0;              // of the lease that is given away
  std::string session_id{};             // that the sequences are of
  std::uint64_t highest = 0;            // the last sequence that came to the old node
  std::vector<std::uint64_t> open{};    // those up to it that have not ended, ascending
  std::vector<tail_event> running{};    // those of them whose handlers run on
  std::chrono::milliseconds permit{0};  // for how long from the sending of the note they may
  bool operator==(const tail_note&) const = default;
};

// What the successor is told later, each time in full.
struct tail_word {
  std::uint64_t epoch = 0;               // of the note
  std::vector<std::uint64_t> running{};  // handlers that run on
  std::vector<std::uint64_t> cut_off{};  // ended without having done their work
  bool operator==(const tail_word&) const = default;
};

struct tail_limits {
  std::chrono::milliseconds permit{5'000};
  std::chrono::milliseconds margin{500};  // clocks of two machines run at different speeds
};

// Until when handlers may act on after the shard was given away at `now`. `term_end`: own_deadline() of a
// lease that is asked for now; a third node may have the shard after that.
[[nodiscard]] boot_time tail_end(boot_time now, boot_time term_end, const tail_limits& limits = {});

// The old node's side.
class tail_permit final {
 public:
  tail_permit(std::uint64_t epoch, std::vector<tail_event> running, boot_time until);

  // A handler ended. What ends past the permit may have been refused its last writes: it counts as cut off.
  void ended(std::uint64_t sequence, boot_time now);
  // What still runs does not count any more.
  void cut_off();

  [[nodiscard]] boot_time until() const { return until_; }
  [[nodiscard]] bool is_over() const { return word_.running.empty(); }
  [[nodiscard]] const tail_word& word() const { return word_; }
  // Whether the successor is to hear the word; asked again after told().
  [[nodiscard]] bool has_news() const { return changes_ != told_; }
  [[nodiscard]] std::uint64_t changes() const { return changes_; }
  // It has heard the word as it was after so many changes.
  void told(std::uint64_t changes) { told_ = changes; }

 private:
  boot_time until_;
  tail_word word_;
  std::uint64_t changes_ = 0;
  std::uint64_t told_ = 0;
};

// The successor's side.
class inherited_tail final {
 public:
  inherited_tail(tail_note note, boot_time heard_at, const tail_limits& limits = {});

  // It is about the lease under this epoch.
  [[nodiscard]] bool belongs_to(std::uint64_t epoch) const { return note_.epoch + 1 == epoch; }
  // The sequences are of another session than the one that is resumed: they say nothing of it, while the
  // guilds wait all the same.
  void enter_session(const std::string& session_id);

  // How many handlers ended with this word; 0 for one about another lease.
  std::size_t hear(const tail_word& word);
  // Once ends_at() has come nobody acts for these guilds any more. How many handlers were never heard of.
  std::size_t lapse(boot_time now);
  [[nodiscard]] boot_time ends_at() const { return ends_at_; }

  // Somebody still acts: for any guild, for this one, on this event.
  [[nodiscard]] bool waits() const { return !note_.running.empty(); }
  [[nodiscard]] bool holds(discord::guild_id guild) const;
  [[nodiscard]] bool runs(std::uint64_t sequence) const;
  // The event has been handled: its replay is to be passed. False while it runs.
  [[nodiscard]] bool was_done(std::uint64_t sequence) const;

 private:
  tail_note note_;
  boot_time ends_at_;
  bool of_session_ = true;
};

}  // namespace guildfleet::fleet
