// The service manager that started this process: systemd, or whatever speaks the protocol of sd_notify(3),
// whose interface is documented as stable.
#pragma once

#include <boost/asio/local/datagram_protocol.hpp>
#include <string>

#include "base/variables.hpp"
#include "bot/fleet_status.hpp"
#include "cli/service_notices.hpp"
#include "net/io.hpp"

namespace guildfleet::cli {

// Lives on the control loop: that it speaks proves that this loop turns.
class service_manager final {
 public:
  // NOTIFY_SOCKET (a path, or @ and an abstract name), WATCHDOG_USEC, WATCHDOG_PID. Without the first there
  // is no manager, and nothing is ever said; one that cannot be used is told in the log.
  service_manager(net::asio::any_io_executor executor, const base::variable_lookup& variables);

  // The first time when the node serves; then at each change that cannot wait.
  void look(const bot::fleet_snapshot& snapshot);
  // Looks until it is cancelled. `fleet` outlives it.
  net::task<> watch(const bot::fleet_status& fleet);

 private:
  using protocol = net::asio::local::datagram_protocol;
  void open(std::string path);
  void send();

  protocol::socket socket_;  // open: there is a manager
  protocol::endpoint manager_;
  service_notices notices_;
  std::string unsent_;  // nobody took it yet
  bool deaf_ = false;   // and that was logged
};

}  // namespace guildfleet::cli
