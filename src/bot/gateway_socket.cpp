#include "bot/gateway_socket.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::chrono::seconds send_limit{10};
constexpr std::chrono::milliseconds close_limit{1'500};

}  // namespace

gateway_socket::gateway_socket(socket_events& events, net::task_group& tasks, net::tls_context tls)
    : events_(events), tasks_(tasks), tls_(std::move(tls)) {}

void gateway_socket::open(std::string url, std::chrono::milliseconds timeout) {
  ++generation_;
  tasks_.spawn("gateway connection",
               connect_and_read(std::move(url), net::deadline_in(timeout), generation_));
}

net::task<bool> gateway_socket::send(base::secret payload) {
  const connection socket = socket_;
  if (!socket) co_return false;
  const auto sent =
      co_await socket->send(net::ws_opcode::text, payload.reveal(), net::deadline_in(send_limit));
  co_return sent.has_value();
}

void gateway_socket::close(std::uint16_t code, std::string reason) {
  ++generation_;
  if (!socket_) return;
  tasks_.spawn("gateway close", close_quietly(std::move(socket_), code, std::move(reason)));
  socket_.reset();
}

net::task<> gateway_socket::connect_and_read(std::string url, net::deadline until, std::uint64_t generation) {
  const auto location = net::parse_url(url);
  if (!location) {
    events_.on_socket_failed("Discord named a gateway address that is not an URL");
    co_return;
  }
  net::ws_limits limits;
  auto opened = co_await net::ws_connect(*location, tls_, {}, limits, until);
  if (generation != generation_) co_return;
  if (!opened) {
    events_.on_socket_failed(opened.error().message());
    co_return;
  }
  socket_ = std::move(*opened);
  events_.on_socket_open();
  co_await read(socket_, generation);
}

net::task<> gateway_socket::read(connection socket, std::uint64_t generation) {
  const std::function<void(const net::ws_event&)> deliver = [this, generation](const net::ws_event& message) {
    if (generation == generation_) events_.on_socket_message(message);
  };
  while (true) {
    const auto went_on = co_await socket->pump(deliver, net::no_deadline());
    if (generation != generation_) {
      if (!went_on) co_return;
      continue;
    }
    if (went_on) {
      events_.on_socket_batch_end();
      continue;
    }
    socket_.reset();
    ++generation_;
    const net::ws_end& end = socket->end();
    events_.on_socket_closed(end.close_code, end.close_code != 0 ? end.reason : went_on.error().message());
    co_return;
  }
}

net::task<> gateway_socket::close_quietly(connection socket, std::uint16_t code, std::string reason) {
  co_await net::asio::this_coro::reset_cancellation_state();
  co_await socket->close(code, reason, net::deadline_in(close_limit));
  socket->abort();
}

}  // namespace guildfleet::bot
