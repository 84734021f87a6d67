// Which sequence a successor may resume from. On the way of every event; no allocation while nothing is in
// flight.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace guildfleet::fleet {

// The low watermark of one shard's session. Sequences grow; finishing may happen in any order. One thread.
class watermark final {
 public:
  // A session at `sequence`: 0 for a new one, the ledger's for a resumed one. What is in flight is forgotten,
  // and finish() of it does nothing.
  void restart(std::uint64_t sequence);

  // Until restart() nothing counts as finished any more: what is cancelled now is replayed.
  void freeze() { frozen_ = true; }

  // An event that nobody wants. False: already seen (a replay of what was received).
  bool pass(std::uint64_t sequence) {
    if (sequence <= highest_) return false;
    highest_ = sequence;
    return true;
  }

  // An event that `parts` handlers work on; finish() is due once for each. False: already seen, do not
  // handle.
  [[nodiscard]] bool begin(std::uint64_t sequence, std::uint32_t parts = 1);
  void finish(std::uint64_t sequence);
  // Begun, and not finished yet.
  [[nodiscard]] bool is_open(std::uint64_t sequence) const;

  // The last sequence before the oldest event that has not finished; what the ledger stores.
  [[nodiscard]] std::uint64_t low() const { return size_ == 0 ? highest_ : oldest().before; }
  // The last sequence received.
  [[nodiscard]] std::uint64_t highest() const { return highest_; }
  // Of them, those that have not finished, ascending.
  [[nodiscard]] std::vector<std::uint64_t> unfinished() const;
  // Events between the oldest unfinished one and the last wanted one, finished or not.
  [[nodiscard]] std::size_t in_flight() const { return size_; }
  [[nodiscard]] std::size_t bytes_approx() const { return ring_.capacity() * sizeof(entry); }

 private:
  struct entry {
    std::uint64_t sequence = 0;
    std::uint64_t before = 0;  // the sequence received just before it
    std::uint32_t open_parts = 0;
  };

  [[nodiscard]] const entry& oldest() const { return ring_[first_]; }
  [[nodiscard]] entry& at(std::size_t position) { return ring_[(first_ + position) & (ring_.size() - 1)]; }
  [[nodiscard]] const entry& at(std::size_t position) const {
    return ring_[(first_ + position) & (ring_.size() - 1)];
  }
  // Where it is, or would be.
  [[nodiscard]] std::size_t place_of(std::uint64_t sequence) const;
  void grow();

  std::uint64_t highest_ = 0;
  std::vector<entry> ring_;  // size is a power of two, or 0
  std::size_t first_ = 0;
  std::size_t size_ = 0;
  bool frozen_ = false;
};

}  // namespace guildfleet::fleet
