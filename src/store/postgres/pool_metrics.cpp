#include "store/postgres/pool_metrics.hpp"

namespace guildfleet::store {

pool_metrics::pool_metrics(base::metrics& registry, std::size_t size)
    : size_(registry.gauge_of("guildfleet_store_pool_connections_max", "Most connections to PostgreSQL.")),
      in_use_(registry.gauge_of("guildfleet_store_pool_in_use", "Connections to PostgreSQL in use.")),
      waiting_(registry.gauge_of("guildfleet_store_pool_waiting", "Calls that wait for a connection.")),
      wait_(registry.histogram_of("guildfleet_store_pool_wait_seconds",
                                  "From asking for a connection to having one.", {},
                                  {0.0001, 0.001, 0.01, 0.1, 1.0, 5.0})),
      failures_(registry.counter_of("guildfleet_store_pool_connect_failures_total",
                                    "Connections to PostgreSQL that could not be made.")),
      cuts_(registry.counter_of("guildfleet_store_pool_cut_total",
                                "Connections given up because the server did not answer in time.")) {
  size_.set(static_cast<double>(size));
}

void pool_metrics::show(const pool_gate& gate) const {
  in_use_.set(static_cast<double>(gate.in_use()));
  waiting_.set(static_cast<double>(gate.waiting()));
}

}  // namespace guildfleet::store
