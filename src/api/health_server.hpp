// The node's own HTTP face: /health, /livez, /readyz, /metrics, /memory. Serves no secret and needs no login.
#pragma once

#include <memory>
#include <string>

#include "api/memory_history.hpp"
#include "api/readiness.hpp"
#include "base/metrics.hpp"
#include "bot/fleet_status.hpp"
#include "net/http_server.hpp"

namespace guildfleet::api {

struct health_server_settings {
  std::string address = "0.0.0.0";
  std::uint16_t port = 3001;  // 0: the system chooses
  readiness_settings readiness;
  const memory_history* memory = nullptr;  // on the same reactor; null: none is kept
};

// Lives on one reactor. `status`, `metrics` and `memory` must outlive it.
class health_server final {
 public:
  health_server(net::asio::any_io_executor executor, health_server_settings settings,
                const bot::fleet_status& status, base::metrics& metrics);
  ~health_server();

  // Binds. Errors: the port is taken or needs rights.
  [[nodiscard]] base::result<void> start();
  [[nodiscard]] std::uint16_t port() const;
  net::task<> stop(net::deadline until);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace guildfleet::api
