// HTTP/1.1 server with WebSocket upgrade, limits on size, time and connections. Refuses Transfer-Encoding in
// requests (411/400): nothing we serve needs it, and Beast 1.81's chunked parsing has smuggling bugs.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "net/ws_connection.hpp"

namespace guildfleet::net {

struct http_server_settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;     // 0: the system chooses; see port()
  tls_context tls = nullptr;  // empty: plain
  std::size_t max_header_bytes = 16U << 10U;
  std::size_t max_body_bytes = 1U << 20U;             // larger: 413
  std::size_t max_connections = 1024;                 // more: accepted and closed at once, counted
  std::chrono::milliseconds request_timeout{10'000};  // from the first byte to the last of a request
  std::chrono::milliseconds idle_timeout{60'000};     // between requests of a connection
  ws_limits websocket_limits = {};
};

// Runs on the reactor that is given. Handlers run there too, one coroutine a connection.
class http_server final {
 public:
  // A response with status 0 breaks the connection without an answer (a fault that the simulator makes).
  using request_handler = std::function<task<http_response>(http_request)>;
  // Called for an upgrade request before it is answered: nullopt accepts, a response refuses.
  using upgrade_check = std::function<std::optional<http_response>(const http_request&)>;
  // Owns the connection; it is closed when the coroutine ends.
  using upgrade_handler = std::function<task<>(http_request, std::unique_ptr<ws_connection>)>;

  http_server(asio::any_io_executor executor, http_server_settings settings, request_handler on_request,
              upgrade_check check = {}, upgrade_handler on_upgrade = {});
  ~http_server();

  // Binds and starts to accept. Errors: address_in_use, permission_denied, with the address and what to do.
  [[nodiscard]] base::result<void> start();
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::uint64_t refused_connections() const;

  // Stops accepting, lets requests that run finish within `until`, then breaks what is left. Returns when
  // every coroutine of the server has ended.
  task<> stop(deadline until);

 private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace guildfleet::net
