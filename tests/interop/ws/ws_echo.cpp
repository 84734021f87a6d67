// Sends every WebSocket message back, as a server or as a client: one half of the interoperability test.
//   ws_echo server          prints its port, serves until its input ends
//   ws_echo client <url>    connects, serves until the peer closes, prints the close code
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <cstdio>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include "net/http_server.hpp"
#include "net/task_group.hpp"

namespace {

namespace net = guildfleet::net;
namespace asio = boost::asio;

constexpr net::ws_limits limits{.max_message_bytes = 4U << 20U};

net::task<> echo(net::ws_connection& connection) {
  std::vector<std::pair<net::ws_opcode, std::string>> received;
  const auto keep = [&](const net::ws_event& event) { received.emplace_back(event.kind, event.payload); };
  while (co_await connection.pump(keep, net::no_deadline())) {
    for (const auto& [kind, text] : received) {
      if (!co_await connection.send(kind, text, net::no_deadline())) co_return;
    }
    received.clear();
  }
}

// Closing drains what the peer still sends, so that a reset does not overtake the close frame.
net::task<> echo_and_close(net::ws_connection& connection) {
  co_await echo(connection);
  co_await connection.close(net::ws_close_normal, {}, net::deadline_in(std::chrono::seconds(1)));
}

net::task<> echo_as_server(net::http_request, std::unique_ptr<net::ws_connection> connection) {
  co_await echo_and_close(*connection);
}

net::task<net::http_response> answer_plain(net::http_request) {
  co_return net::http_response::text(200, "a WebSocket echo\n");
}

net::task<> serve(net::http_server& server) {
  asio::posix::stream_descriptor input(co_await asio::this_coro::executor, ::dup(STDIN_FILENO));
  char byte = 0;
  boost::system::error_code ended;
  while (!ended) {
    co_await input.async_read_some(asio::buffer(&byte, 1), asio::redirect_error(asio::use_awaitable, ended));
  }
  co_await server.stop(net::deadline_in(std::chrono::seconds(1)));
}

net::task<> connect_and_echo(net::url location, int& exit_code) {
  const auto until = net::deadline_in(std::chrono::seconds(10));
  const auto connection = co_await net::ws_connect(std::move(location), nullptr, {}, limits, until);
  if (!connection) {
    std::puts(connection.error().message().c_str());
    co_return;
  }
  co_await echo_and_close(**connection);
  std::printf("%d\n", (*connection)->end().close_code);
  exit_code = 0;
}

}  // namespace

int main(int count, char** words) {
  const std::string mode = count > 1 ? words[1] : "";
  asio::io_context context(1);
  net::task_group group(context.get_executor());
  if (mode == "server") {
    net::http_server_settings settings;
    settings.websocket_limits = limits;
    net::http_server server(context.get_executor(), settings, answer_plain, {}, echo_as_server);
    if (const auto started = server.start(); !started) {
      std::puts(started.error().message().c_str());
      return 1;
    }
    std::printf("%d\n", server.port());
    std::fflush(stdout);
    group.spawn("serve", serve(server));
    context.run();
    return 0;
  }
  const auto location = count > 2 ? net::parse_url(words[2]) : std::nullopt;
  if (mode != "client" || !location) {
    std::puts("usage: ws_echo server | ws_echo client <url>");
    return 2;
  }
  int exit_code = 1;
  group.spawn("client", connect_and_echo(*location, exit_code));
  context.run();
  return exit_code;
}
