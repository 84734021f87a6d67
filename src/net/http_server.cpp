#include "net/http_server.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <set>
#include <utility>

#include "base/log.hpp"
#include "net/async_event.hpp"
#include "net/cancellation.hpp"
#include "net/http_wire.hpp"
#include "net/system_error.hpp"
#include "net/task_group.hpp"

namespace guildfleet::net {
namespace {

using tcp = asio::ip::tcp;

// After a refusal or the last answer: time for the peer to read it before the socket goes.
constexpr std::chrono::milliseconds linger_limit{1000};
// Out of file descriptors: accepting again at once would spin.
constexpr std::chrono::milliseconds accept_pause{50};

std::unexpected<base::error> cannot_listen(const http_server_settings& settings,
                                           const boost::system::error_code& code) {
  const std::string where = settings.address + ":" + std::to_string(settings.port);
  const net_error reason = error_of_opening(code);
  if (reason == net_error::address_in_use) {
    return base::fail(reason, where, "Another program listens there: stop it, or choose another port.");
  }
  if (reason == net_error::permission_denied) {
    return base::fail(reason, where, "Choose a port above 1023, or give the program CAP_NET_BIND_SERVICE.");
  }
  return base::fail(reason, where + ": " + code.message(), "Choose an address of this machine.");
}

bool asks_for_websocket(const http_request& request) {
  return request.method == "GET" && field_has_token(request.fields, "Upgrade", "websocket") &&
         field_has_token(request.fields, "Connection", "upgrade");
}

// RFC 6455 section 4.2.1; nullopt: the handshake may be answered.
std::optional<http_response> flaw_of_handshake(const http_request& request) {
  constexpr std::size_t key_size = 24;  // 16 bytes in Base64
  if (request.fields.find("Sec-WebSocket-Version") != "13") {
    http_response refusal = http_response::text(426, "This server speaks WebSocket version 13.\n");
    refusal.fields.set("Sec-WebSocket-Version", "13");
    return refusal;
  }
  const auto key = request.fields.find("Sec-WebSocket-Key");
  if (!key || key->size() != key_size)
    return http_response::text(400, "Sec-WebSocket-Key is missing or wrong.\n");
  return std::nullopt;
}

std::string accepting_answer(const http_request& request) {
  http_response answer{101, {}, {}};
  answer.fields.set("Upgrade", "websocket");
  answer.fields.set("Sec-WebSocket-Accept",
                    ws_accept_of(request.fields.find("Sec-WebSocket-Key").value_or("")));
  return serialize_response(answer, "Upgrade", false);
}

std::string_view refusal_text(int status) {
  switch (status) {
    case 408:
      return "The request took too long.\n";
    case 411:
      return "Send a Content-Length instead of a Transfer-Encoding.\n";
    case 413:
      return "The body is too large.\n";
    case 431:
      return "The header is too large.\n";
    default:
      return "The request is not valid HTTP/1.1.\n";
  }
}

}  // namespace

// One accepted connection. `stream` is shared because stop() breaks it from outside.
struct http_connection {
  std::shared_ptr<byte_stream> stream;
  std::string peer;
  std::string buffer;  // received, not yet parsed
  bool idle = false;   // between requests
};
using connection_ptr = std::shared_ptr<http_connection>;

struct whole_request {
  http_request request;
  bool keep_alive = false;
};

struct http_server::impl : std::enable_shared_from_this<impl> {
  impl(asio::any_io_executor on, http_server_settings from, request_handler request, upgrade_check check,
       upgrade_handler upgrade)
      : executor(on),
        settings(std::move(from)),
        on_request(std::move(request)),
        check_upgrade(std::move(check)),
        on_upgrade(std::move(upgrade)),
        acceptor(on),
        group(on),
        connection_ended(std::move(on)) {}

  base::result<void> listen();
  static task<> accept_loop(std::shared_ptr<impl> self);
  static task<> serve(std::shared_ptr<impl> self, tcp::socket socket, std::string peer);
  task<> serve_requests(connection_ptr connection);
  task<std::optional<whole_request>> read_request(connection_ptr connection);
  task<std::expected<bool, int>> read_more(connection_ptr connection, http_request_reader& reader,
                                           deadline until);
  task<> refuse(connection_ptr connection, int status);
  task<bool> answer(connection_ptr connection, http_request request, bool keep_alive);
  task<> upgrade(connection_ptr connection, http_request request);
  task<bool> write_response(connection_ptr connection, const http_response& response, bool keep_alive,
                            bool head_only);
  static task<> stop(std::shared_ptr<impl> self, deadline until);

  [[nodiscard]] deadline request_deadline() const { return net::deadline_in(settings.request_timeout); }

  asio::any_io_executor executor;
  http_server_settings settings;
  request_handler on_request;
  upgrade_check check_upgrade;
  upgrade_handler on_upgrade;
  tcp::acceptor acceptor;
  task_group group;
  async_event connection_ended;
  std::set<connection_ptr> connections;
  std::size_t open = 0;  // accepted, TLS handshakes included
  std::uint64_t refused = 0;
  std::uint16_t port = 0;
  bool stopping = false;
};

base::result<void> http_server::impl::listen() {
  boost::system::error_code code;
  const auto address = asio::ip::make_address(settings.address, code);
  if (code) return cannot_listen(settings, code);
  const tcp::endpoint endpoint(address, settings.port);
  acceptor.open(endpoint.protocol(), code);
  if (!code) acceptor.set_option(asio::socket_base::reuse_address(true), code);
  if (!code) acceptor.bind(endpoint, code);
  if (!code) acceptor.listen(asio::socket_base::max_listen_connections, code);
  if (code) {
    boost::system::error_code ignored;
    acceptor.close(ignored);
    return cannot_listen(settings, code);
  }
  port = acceptor.local_endpoint(code).port();
  group.spawn("http accept", accept_loop(shared_from_this()));
  return {};
}

task<> http_server::impl::accept_loop(std::shared_ptr<impl> self) {
  while (!self->stopping && !co_await is_cancelled()) {
    tcp::endpoint peer;
    boost::system::error_code code;
    tcp::socket socket =
        co_await self->acceptor.async_accept(peer, asio::redirect_error(asio::use_awaitable, code));
    if (!self->acceptor.is_open() || code == asio::error::operation_aborted) co_return;
    if (code) {
      if (!co_await sleep_until(net::deadline_in(accept_pause))) co_return;
    } else if (self->open >= self->settings.max_connections) {
      ++self->refused;  // the socket closes with this scope
    } else {
      ++self->open;
      self->group.spawn("http connection", serve(self, std::move(socket), peer.address().to_string()));
    }
  }
}

namespace {

// Counts a connection out, however its coroutine ends.
template <class Server>
class open_connection final {
 public:
  explicit open_connection(std::shared_ptr<Server> server) : server_(std::move(server)) {}
  ~open_connection() {
    if (connection_) server_->connections.erase(connection_);
    --server_->open;
    server_->connection_ended.notify();
  }
  open_connection(const open_connection&) = delete;
  open_connection& operator=(const open_connection&) = delete;

  void list(connection_ptr connection) {
    connection_ = std::move(connection);
    server_->connections.insert(connection_);
  }

 private:
  std::shared_ptr<Server> server_;
  connection_ptr connection_;
};

}  // namespace

task<> http_server::impl::serve(std::shared_ptr<impl> self, tcp::socket socket, std::string peer) {
  open_connection<impl> counted(self);
  auto stream = co_await accept_stream(std::move(socket), self->settings.tls, self->request_deadline());
  if (!stream) {
    base::logger::root().debug("connection refused", base::field("peer", peer),
                               base::field("error", stream.error().message()));
    co_return;
  }
  const auto connection = std::make_shared<http_connection>();
  connection->stream = std::move(*stream);
  connection->peer = std::move(peer);
  counted.list(connection);
  co_await self->serve_requests(connection);
}

task<> http_server::impl::serve_requests(connection_ptr connection) {
  while (!stopping) {
    std::optional<whole_request> received = co_await read_request(connection);
    if (!received) co_return;
    http_request request = std::move(received->request);
    request.remote_address = connection->peer;
    if (on_upgrade && asks_for_websocket(request)) {
      co_await upgrade(connection, std::move(request));
      co_return;
    }
    if (!co_await answer(connection, std::move(request), received->keep_alive)) co_return;
  }
}

// nullopt: the connection has ended or the request was refused.
task<std::optional<whole_request>> http_server::impl::read_request(connection_ptr connection) {
  http_request_reader reader(settings.max_header_bytes, settings.max_body_bytes);
  connection->idle = connection->buffer.empty();
  deadline until = connection->idle ? net::deadline_in(settings.idle_timeout) : request_deadline();
  auto whole = reader.consume(connection->buffer);
  while (whole && !*whole) {
    const bool first_bytes = connection->idle;
    whole = co_await read_more(connection, reader, until);
    if (first_bytes) until = request_deadline();
  }
  if (whole) co_return whole_request{reader.take(), reader.keep_alive()};
  if (whole.error() != 0) co_await refuse(connection, whole.error());
  co_return std::nullopt;
}

// One read. An error is the status to refuse with; 0: end the connection without a word.
task<std::expected<bool, int>> http_server::impl::read_more(connection_ptr connection,
                                                            http_request_reader& reader, deadline until) {
  std::array<char, 8192> chunk;
  const auto count = co_await connection->stream->read_some(chunk, until);
  if (!count) {
    const bool slow = count.error().code() == net_error::timed_out && !connection->idle;
    co_return std::unexpected(slow ? 408 : 0);
  }
  connection->idle = false;
  connection->buffer.append(chunk.data(), *count);
  const auto whole = reader.consume(connection->buffer);
  if (whole && !*whole && reader.wants_continue()) {
    if (!co_await connection->stream->write_all("HTTP/1.1 100 Continue\r\n\r\n", until))
      co_return std::unexpected(0);
  }
  co_return whole;
}

task<> http_server::impl::refuse(connection_ptr connection, int status) {
  const http_response response = http_response::text(status, std::string(refusal_text(status)));
  (void)co_await write_response(connection, response, false, false);
}

// True: the connection may carry another request.
task<bool> http_server::impl::answer(connection_ptr connection, http_request request, bool keep_alive) {
  const bool head_only = request.method == "HEAD";
  http_response response;
  try {
    response = co_await on_request(std::move(request));
  } catch (const std::exception& error) {
    base::logger::root().error("a request handler threw", base::field("what", error.what()));
    response = http_response::text(500, "An internal error happened; the log tells more.\n");
  }
  if (response.status == 0) {
    connection->stream->cancel();
    co_return false;
  }
  if (response.status == 0) co_return false;
  co_return co_await write_response(connection, response, keep_alive && !stopping, head_only);
}

task<bool> http_server::impl::write_response(connection_ptr connection, const http_response& response,
                                             bool keep_alive, bool head_only) {
  const std::string text = serialize_response(response, keep_alive ? "keep-alive" : "close", head_only);
  const auto written = co_await connection->stream->write_all(text, request_deadline());
  if (written && keep_alive) co_return true;
  if (written) co_await connection->stream->shut_down(net::deadline_in(linger_limit));
  co_return false;
}

namespace {

// Lets a WebSocket own its stream while stop() can still break it.
class shared_stream final : public byte_stream {
 public:
  explicit shared_stream(std::shared_ptr<byte_stream> inner) : inner_(std::move(inner)) {}
  task<base::result<std::size_t>> read_some(std::span<char> into, deadline until) override {
    return inner_->read_some(into, until);
  }
  task<base::result<void>> write_all(std::string_view bytes, deadline until) override {
    return inner_->write_all(bytes, until);
  }
  task<> shut_down(deadline until) override { return inner_->shut_down(until); }
  void cancel() noexcept override { inner_->cancel(); }

 private:
  std::shared_ptr<byte_stream> inner_;
};

}  // namespace

task<> http_server::impl::upgrade(connection_ptr connection, http_request request) {
  std::optional<http_response> refusal = flaw_of_handshake(request);
  if (!refusal && check_upgrade) refusal = check_upgrade(request);
  if (refusal) {
    (void)co_await write_response(connection, *refusal, false, false);
    co_return;
  }
  if (!co_await connection->stream->write_all(accepting_answer(request), request_deadline())) co_return;
  const std::string leftover = std::move(connection->buffer);
  connection->buffer = std::string();
  co_await on_upgrade(std::move(request),
                      std::make_unique<ws_connection>(std::make_unique<shared_stream>(connection->stream),
                                                      ws_role::server, settings.websocket_limits, leftover));
}

task<> http_server::impl::stop(std::shared_ptr<impl> self, deadline until) {
  self->stopping = true;
  boost::system::error_code ignored;
  self->acceptor.close(ignored);
  for (const connection_ptr& connection : self->connections) {
    if (connection->idle) connection->stream->cancel();
  }
  while (self->open > 0 && co_await self->connection_ended.wait(until)) {
  }
  self->group.close();
  self->group.cancel();
  for (const connection_ptr& connection : self->connections) connection->stream->cancel();
  co_await self->group.join();
}

http_server::http_server(asio::any_io_executor executor, http_server_settings settings,
                         request_handler on_request, upgrade_check check, upgrade_handler on_upgrade)
    : impl_(std::make_shared<impl>(std::move(executor), std::move(settings), std::move(on_request),
                                   std::move(check), std::move(on_upgrade))) {}

http_server::~http_server() {
  impl_->stopping = true;
  boost::system::error_code ignored;
  impl_->acceptor.close(ignored);
  impl_->group.close();
  impl_->group.cancel();
}

base::result<void> http_server::start() {
  return impl_->listen();
}

std::uint16_t http_server::port() const {
  return impl_->port;
}

std::uint64_t http_server::refused_connections() const {
  return impl_->refused;
}

task<> http_server::stop(deadline until) {
  return impl::stop(impl_, until);
}

}  // namespace guildfleet::net
