// The database's own record of its leases, written by a trigger with each change and in its transaction.
#pragma once

#include "integration/ownership.hpp"
#include "support/postgres_server.hpp"

namespace guildfleet::integration {

class lease_witness final {
 public:
  // Makes the tables of this fresh database, and the trigger. `server` outlives the witness.
  lease_witness(support::postgres_server& server, std::string database);

  // All so far, in the order of each shard's own changes.
  [[nodiscard]] std::vector<lease_change> changes() const;
  // The shards that this node owns by the database.
  [[nodiscard]] std::vector<std::uint32_t> owned_by(const std::string& node) const;
  // The clocks of both records have kept their distance since the witness was made.
  [[nodiscard]] bool clocks_are_steady() const;

  // Both records are of one machine's clocks: the database's is cut to milliseconds, reading two clocks after
  // one another takes some microseconds.
  static constexpr std::chrono::milliseconds tolerance{2};

 private:
  [[nodiscard]] base::steady_time monotonic(std::chrono::microseconds since_1970) const;

  support::postgres_server& server_;
  std::string database_;
  std::chrono::nanoseconds wall_ahead_;  // CLOCK_REALTIME less CLOCK_MONOTONIC
};

}  // namespace guildfleet::integration
