// A simulator on an event loop of its own, for the commands that bring one up.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/reactor.hpp"
#include "sim/simulator.hpp"

namespace guildfleet::cli {

class simulator_host final {
 public:
  explicit simulator_host(sim::simulator_settings settings);
  ~simulator_host();  // stops it

  // Blocks until it listens. Errors: as simulator::start().
  [[nodiscard]] base::result<void> start(std::function<void()> on_shutdown = {});
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::string& api_url() const { return api_url_; }
  [[nodiscard]] const std::vector<sim::bot_account>& bots() const { return bots_; }

 private:
  net::task<base::result<void>> start_here(std::function<void()> on_shutdown);

  base::system_clock clock_;
  net::reactor loop_;
  std::unique_ptr<sim::simulator> simulator_;
  sim::simulator_settings settings_;
  std::uint16_t port_ = 0;
  std::string api_url_;
  std::vector<sim::bot_account> bots_;
};

}  // namespace guildfleet::cli
