#include "api/api_server.hpp"

#include "api/v1/api_routes.hpp"

namespace guildfleet::api {
namespace {

net::http_server_settings server_settings(const api_server_settings& settings) {
  net::http_server_settings out;
  out.address = settings.address;
  out.port = settings.port;
  out.max_body_bytes = 512U << 10U;  // an export of all features
  out.max_connections = 128;
  return out;
}

v1::api_parts parts_of(const api_server_settings& settings,
                       const std::vector<std::pair<std::string, bot::bot_stores>>& bots,
                       const base::clock& clock, base::metrics& metrics) {
  auto served = std::make_shared<std::vector<v1::served_bot>>();
  for (const auto& [name, stores] : bots) served->push_back({name, stores});
  return {std::move(served), clock, metrics, settings.trusted};
}

}  // namespace

struct api_server::impl {
  impl(net::asio::any_io_executor executor, const api_server_settings& settings, v1::api_parts parts)
      : routes(std::move(parts)),
        server(std::move(executor), server_settings(settings),
               [this](net::http_request request) { return routes.answer(std::move(request)); }) {}

  v1::api_routes routes;
  net::http_server server;
};

api_server::api_server(net::asio::any_io_executor executor, const api_server_settings& settings,
                       const std::vector<std::pair<std::string, bot::bot_stores>>& bots,
                       const base::clock& clock, base::metrics& metrics)
    : impl_(std::make_unique<impl>(std::move(executor), settings, parts_of(settings, bots, clock, metrics))) {
}

api_server::~api_server() = default;

base::result<void> api_server::start() {
  return impl_->server.start();
}

std::uint16_t api_server::port() const {
  return impl_->server.port();
}

net::task<> api_server::stop(net::deadline until) {
  return impl_->server.stop(until);
}

}  // namespace guildfleet::api
