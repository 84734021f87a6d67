// Answers the requests of the health server. No I/O of its own.
#pragma once

#include <cstdint>

#include "api/memory_history.hpp"
#include "api/readiness.hpp"
#include "api/status_metrics.hpp"
#include "base/metrics.hpp"
#include "bot/fleet_status.hpp"
#include "net/http_types.hpp"

namespace guildfleet::api {

// One thread. `status`, `metrics` and `memory` must outlive it.
class health_routes final {
 public:
  // `memory`: null, nobody keeps any.
  health_routes(const bot::fleet_status& status, base::metrics& metrics, readiness_settings settings,
                const memory_history* memory = nullptr)
      : status_(status),
        metrics_(metrics),
        own_series_(metrics),
        settings_(settings),
        readiness_(settings),
        memory_(memory) {}

  // GET and HEAD of /health (always 200), /livez and /readyz (200 or 503), /metrics, /memory.
  [[nodiscard]] net::http_response answer(const net::http_request& request);

 private:
  const bot::fleet_status& status_;
  base::metrics& metrics_;
  status_metrics own_series_;
  readiness_settings settings_;
  readiness_judge readiness_;
  const memory_history* memory_;
};

}  // namespace guildfleet::api
