// Nobody acts without a lease: the gate that every event of a shard and every request it causes goes through.
// No I/O, no clock; one thread.
//
//   held ──own deadline passed──> holding ──same epoch again──> held (replay what was held)
//                                    │ buffer full ──> overflowed ──same epoch──> held (resume from the
//                                    ledger)
//   any ──another owner──> lost ──acquired again──> held (resume from the ledger)
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/lease_time.hpp"

namespace guildfleet::fleet {

enum class lease_state {
  none,        // never had one: do not connect
  held,        // act
  holding,     // ours until someone takes it, but expired: keep the socket and heartbeats, act on nothing
  overflowed,  // expired, and more came than may be held: the connection is to be dropped
  lost,        // another node owns the shard
};

enum class event_verdict {
  act,
  held,             // copied; it comes back from take_held()
  drop_connection,  // did not fit: close resumable, RESUME later from the ledger
  drop,             // not ours
};

enum class after_acquire {
  go_on,               // nothing was missed
  replay,              // act on take_held() before anything else
  resume_from_ledger,  // connect from what the ledger says: held events are gone, or another node acted since
};

struct hold_limits {
  std::size_t max_events = 10'000;
  std::size_t max_bytes = 8U << 20U;
};

class lease_gate final {
 public:
  explicit lease_gate(hold_limits limits = {}) : limits_(limits) {}

  // Granted or renewed with this epoch, usable until `deadline` (own_deadline()).
  [[nodiscard]] after_acquire acquired(std::uint64_t epoch, boot_time deadline);
  // The store said that another node owns the shard, or we gave it up. Held events are gone.
  void lost();

  // Ask again right before each request is written.
  [[nodiscard]] bool permits(boot_time now) const { return state_ == lease_state::held && now < deadline_; }

  // For each event in order of arrival. `message` is the whole gateway message; it is copied only when held.
  [[nodiscard]] event_verdict admit(std::string_view message, boot_time now);

  // Events held while expired, oldest first; leaves none.
  [[nodiscard]] std::vector<std::string> take_held();

  [[nodiscard]] lease_state state(boot_time now) const;
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  [[nodiscard]] boot_time deadline() const { return deadline_; }
  [[nodiscard]] std::size_t held_events() const { return held_.size(); }
  [[nodiscard]] std::size_t held_bytes() const { return held_bytes_; }

 private:
  [[nodiscard]] event_verdict hold(std::string_view message);
  void forget_held();

  hold_limits limits_;
  lease_state state_ = lease_state::none;  // never `holding`: that is `held` past its deadline
  std::uint64_t epoch_ = 0;
  boot_time deadline_{};
  std::vector<std::string> held_;
  std::size_t held_bytes_ = 0;
};

}  // namespace guildfleet::fleet
