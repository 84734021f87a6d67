// The API's listener (docs/api.md). Who may do what is told by tokens.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/network.hpp"
#include "bot/fleet_stores.hpp"
#include "net/http_server.hpp"

namespace guildfleet::api {

struct api_server_settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                   // 0: the system chooses
  std::vector<base::network> trusted = {};  // proxies that may say for whom they ask
};

// On the reactor of the bots' stores, which outlive it, as do `clock` and `metrics`.
class api_server final {
 public:
  api_server(net::asio::any_io_executor executor, const api_server_settings& settings,
             const std::vector<std::pair<std::string, bot::bot_stores>>& bots, const base::clock& clock,
             base::metrics& metrics);
  ~api_server();

  // Binds. Errors: the port is taken or needs rights.
  [[nodiscard]] base::result<void> start();
  [[nodiscard]] std::uint16_t port() const;
  net::task<> stop(net::deadline until);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace guildfleet::api
