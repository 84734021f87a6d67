#include "cli/simulator_host.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

namespace guildfleet::cli {

simulator_host::simulator_host(sim::simulator_settings settings)
    : loop_("simulator"), settings_(std::move(settings)) {}

simulator_host::~simulator_host() {
  if (!simulator_) return;
  net::asio::co_spawn(loop_.executor(), simulator_->stop(), net::asio::use_future).get();
}

base::result<void> simulator_host::start(std::function<void()> on_shutdown) {
  return net::asio::co_spawn(loop_.executor(), start_here(std::move(on_shutdown)), net::asio::use_future)
      .get();
}

net::task<base::result<void>> simulator_host::start_here(std::function<void()> on_shutdown) {
  simulator_ = std::make_unique<sim::simulator>(loop_.executor(), clock_, settings_);
  if (on_shutdown) simulator_->on_shutdown(std::move(on_shutdown));
  auto started = simulator_->start();
  if (!started) co_return started;
  port_ = simulator_->port();
  api_url_ = simulator_->api_url();
  bots_ = simulator_->owner().bots();
  co_return base::result<void>{};
}

}  // namespace guildfleet::cli
