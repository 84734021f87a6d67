#include "api/health_server.hpp"

#include "api/health_routes.hpp"

namespace guildfleet::api {
namespace {

net::http_server_settings server_settings(const health_server_settings& settings) {
  net::http_server_settings out;
  out.address = settings.address;
  out.port = settings.port;
  out.max_body_bytes = 0;
  out.max_connections = 256;
  return out;
}

}  // namespace

struct health_server::impl {
  impl(net::asio::any_io_executor executor, const health_server_settings& settings,
       const bot::fleet_status& status, base::metrics& metrics)
      : routes(status, metrics, settings.readiness, settings.memory),
        server(std::move(executor), server_settings(settings),
               [this](net::http_request request) { return respond(std::move(request)); }) {}

  net::task<net::http_response> respond(net::http_request request) { co_return routes.answer(request); }

  health_routes routes;
  net::http_server server;
};

health_server::health_server(net::asio::any_io_executor executor, health_server_settings settings,
                             const bot::fleet_status& status, base::metrics& metrics)
    : impl_(std::make_unique<impl>(std::move(executor), settings, status, metrics)) {}

health_server::~health_server() = default;

base::result<void> health_server::start() {
  return impl_->server.start();
}

std::uint16_t health_server::port() const {
  return impl_->server.port();
}

net::task<> health_server::stop(net::deadline until) {
  return impl_->server.stop(until);
}

}  // namespace guildfleet::api
