// A Discord on loopback: REST v10 at /api/v10, the gateway at /, and a control API at /_sim/, on one port,
// plain or TLS. Used by `guildfleet sim`, `guildfleet demo` and tests within one process.
//
// Everything runs on the executor's one reactor; the simulator is made, started, used and stopped there.
#pragma once

#include <memory>

#include "net/io.hpp"
#include "sim/control/control_api.hpp"
#include "sim/gateway/gateway_settings.hpp"
#include "sim/rest/rest_api.hpp"
#include "sim/traffic/traffic_generator.hpp"

namespace guildfleet::sim {

struct simulator_settings {
  world_settings world;
  gateway_settings gateway;  // resume_url is filled in by the simulator when it is empty or has port 0
  rest_settings rest;        // gateway_url likewise
  traffic_settings traffic;  // starts with the simulator when its rate is not 0
  std::string address = "127.0.0.1";
  std::string host;        // by which clients reach it, where that is not the address: of a container
  std::uint16_t port = 0;  // 0: the system chooses
  bool tls = false;        // with a throw-away authority of its own
  std::string ca_file;     // with tls: where the authority's certificate is written; empty: nowhere
  std::size_t max_connections = 8'192;
};

class simulator final {
 public:
  // `clock` outlives the simulator.
  simulator(net::asio::any_io_executor executor, const base::clock& clock, simulator_settings settings);
  ~simulator();

  // Errors: the port is taken or not allowed, the authority's file cannot be written.
  [[nodiscard]] base::result<void> start();
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string api_url() const;        // "http://127.0.0.1:4000/api"
  [[nodiscard]] std::string gateway_url() const;    // "ws://127.0.0.1:4000"
  [[nodiscard]] const std::string& ca_pem() const;  // with tls, once started
  // True after POST /_sim/shutdown; on_shutdown is called then.
  void on_shutdown(std::function<void()> observer);
  net::task<> stop();

  [[nodiscard]] world& owner();
  [[nodiscard]] member_actions& members();
  [[nodiscard]] gateway_hub& hub();
  [[nodiscard]] rest_api& rest();
  [[nodiscard]] fault_desk& faults();
  [[nodiscard]] feed_desk& feeds();
  [[nodiscard]] traffic_generator& traffic();

 private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace guildfleet::sim
