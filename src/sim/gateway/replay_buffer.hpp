// The dispatches of one session, from which its connection is fed and a RESUME is served.
#pragma once

#include <deque>

#include "sim/gateway/event_body.hpp"

namespace guildfleet::sim {

// Holds the newest dispatches within two bounds; sequences are consecutive. Older ones are forgotten: a
// resume from before them fails.
class replay_buffer final {
 public:
  replay_buffer(std::size_t max_events, std::size_t max_bytes)
      : max_events_(max_events), max_bytes_(max_bytes) {}

  // Gives the event the next sequence and returns that.
  std::uint64_t push(event_body body);
  // Uses up a sequence without keeping its event, and forgets all before it.
  std::uint64_t skip();
  // Forgets everything up to and including `sequence`.
  void forget_up_to(std::uint64_t sequence);

  [[nodiscard]] std::uint64_t newest() const { return newest_; }
  [[nodiscard]] std::size_t size() const { return events_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  // Everything after `sequence` is still here.
  [[nodiscard]] bool holds_all_after(std::uint64_t sequence) const {
    return sequence + events_.size() >= newest_;
  }
  // nullptr when it was forgotten or never was. Lives until the next change.
  [[nodiscard]] const event_body* find(std::uint64_t sequence) const;

 private:
  void forget_front();

  std::size_t max_events_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;  // as if no text were shared
  std::uint64_t newest_ = 0;
  std::deque<event_body> events_;  // the last one has sequence newest_
};

}  // namespace guildfleet::sim
