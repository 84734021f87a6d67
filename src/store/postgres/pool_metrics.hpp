// What Prometheus is told about the connections to PostgreSQL.
#pragma once

#include <chrono>

#include "base/metrics.hpp"
#include "store/postgres/pool_gate.hpp"

namespace guildfleet::store {

// Thread-safe. `registry` must outlive it.
class pool_metrics final {
 public:
  pool_metrics(base::metrics& registry, std::size_t size);

  void show(const pool_gate& gate) const;
  void waited(std::chrono::steady_clock::duration how_long) const { wait_.observe(seconds(how_long)); }
  void connect_failed() const { failures_.add(); }
  void cut() const { cuts_.add(); }

 private:
  static double seconds(std::chrono::steady_clock::duration value) {
    return std::chrono::duration<double>(value).count();
  }

  base::gauge size_;
  base::gauge in_use_;
  base::gauge waiting_;
  base::histogram wait_;
  base::counter failures_;
  base::counter cuts_;
};

}  // namespace guildfleet::store
