// Both ends of a WebSocket over loopback, through the HTTP server's upgrade.
#include "net/ws_connection.hpp"

#include <functional>

#include "net/async_event.hpp"
#include "net/http_server.hpp"
#include "net/task_group.hpp"
#include "net/test_support.hpp"

namespace guildfleet::net {
namespace {

using std::chrono::milliseconds;
using connection_ptr = std::unique_ptr<ws_connection>;

task<> pump_to_end(ws_connection& connection, std::error_code& code) {
  while (true) {
    const auto pumped = co_await connection.pump([](const ws_event&) {}, soon());
    if (pumped) continue;
    code = pumped.error().code();
    co_return;
  }
}

class ws_connections : public testing::Test {
 protected:
  using server_body = std::function<task<>(ws_connection&)>;

  void serve(server_body body, ws_limits limits = {}) {
    http_server_settings settings;
    settings.websocket_limits = limits;
    server_ = std::make_unique<http_server>(
        context_.get_executor(), settings,
        [](http_request) -> task<http_response> { co_return http_response{}; },
        [](const http_request& request) -> std::optional<http_response> {
          if (request.path() == "/refused") return http_response::text(403, "no");
          return std::nullopt;
        },
        [body](http_request, connection_ptr connection) -> task<> {
          co_await run_server(body, std::move(connection));
        });
    ASSERT_TRUE(server_->start());
  }

  static task<> run_server(server_body body, connection_ptr connection) { co_await body(*connection); }

  task<base::result<connection_ptr>> open(std::string path = "/", ws_limits limits = {}) {
    const url location = parse_url("ws://127.0.0.1:" + std::to_string(server_->port()) + path).value();
    return ws_connect(location, nullptr, {}, limits, soon());
  }

  template <class Body>
  void with_client(Body body) {
    run_to_end(context_, [&]() -> task<> {
      auto client = co_await open();
      EXPECT_TRUE(client);
      if (client) co_await body(**client);
      if (client) client->reset();
      co_await server_->stop(soon());
    }());
  }

  // With what the pump of a client ended whose connection `interrupt` breaks off.
  template <class Interrupt>
  std::error_code end_of_pump(Interrupt interrupt) {
    std::error_code code;
    run_to_end(context_, [&]() -> task<> {
      auto client = co_await open();
      task_group group(context_.get_executor());
      group.spawn("pump", pump_to_end(**client, code));
      co_await interrupt(*client);
      co_await group.join();
      co_await server_->stop(soon());
    }());
    return code;
  }

  asio::io_context context_;
  std::unique_ptr<http_server> server_;
};

// Sends every message back until the connection ends.
task<> echo(ws_connection& connection) {
  std::vector<std::pair<ws_opcode, std::string>> received;
  while (co_await connection.pump(
      [&](const ws_event& event) { received.emplace_back(event.kind, event.payload); }, soon())) {
    for (const auto& [kind, text] : received) (void)co_await connection.send(kind, text, soon());
    received.clear();
  }
}

// Pumps until `count` messages came or the connection ended.
task<base::result<std::vector<std::string>>> receive(ws_connection& connection, std::size_t count) {
  std::vector<std::string> received;
  while (received.size() < count) {
    const auto pumped = co_await connection.pump(
        [&](const ws_event& event) { received.emplace_back(event.payload); }, soon());
    if (!pumped) co_return std::unexpected(pumped.error());
  }
  co_return received;
}

TEST_F(ws_connections, messages_of_all_sizes_come_back) {
  serve(echo);
  with_client([](ws_connection& client) -> task<> {
    for (const std::size_t size : {0UL, 1UL, 126UL, 70000UL, 3000000UL}) {
      const std::string text(size, 'm');
      EXPECT_TRUE(co_await client.send(ws_opcode::text, text, soon()));
      const auto back = co_await receive(client, 1);
      EXPECT_TRUE(back && back->front() == text) << size;
    }
    co_await client.close(1000, "done", soon());
    EXPECT_EQ(client.end().close_code, 1000);
  });
}

TEST_F(ws_connections, messages_that_came_with_the_handshake_are_not_lost) {
  serve([](ws_connection& connection) -> task<> {
    (void)co_await connection.send(ws_opcode::text, "hello at once", soon());
    (void)co_await connection.pump([](const ws_event&) {}, soon());
  });
  with_client([](ws_connection& client) -> task<> {
    const auto first = co_await receive(client, 1);
    EXPECT_EQ(first.value().front(), "hello at once");
  });
}

TEST_F(ws_connections, the_peers_close_code_and_reason_are_told) {
  serve([](ws_connection& connection) -> task<> { co_await connection.close(4004, "bad token", soon()); });
  with_client([](ws_connection& client) -> task<> {
    const auto ended = co_await client.pump([](const ws_event&) {}, soon());
    EXPECT_EQ(ended.error().code(), net_error::closed);
    EXPECT_EQ(client.end().close_code, 4004);
    EXPECT_EQ(client.end().reason, "bad token");
    EXPECT_EQ((co_await client.send(ws_opcode::text, "late", soon())).error().code(), net_error::closed);
  });
}

TEST_F(ws_connections, a_connection_that_breaks_has_no_close_code) {
  serve([](ws_connection& connection) -> task<> {
    connection.abort();
    co_return;
  });
  with_client([](ws_connection& client) -> task<> {
    const auto ended = co_await client.pump([](const ws_event&) {}, soon());
    EXPECT_FALSE(ended);
    EXPECT_EQ(client.end().close_code, 0);
  });
}

TEST_F(ws_connections, a_pump_that_timed_out_can_go_on) {
  serve(echo);
  with_client([](ws_connection& client) -> task<> {
    const auto none = co_await client.pump([](const ws_event&) {}, deadline_in(milliseconds(5)));
    EXPECT_EQ(none.error().code(), net_error::timed_out);
    EXPECT_TRUE(co_await client.send(ws_opcode::text, "still here", soon()));
    EXPECT_EQ((co_await receive(client, 1)).value().front(), "still here");
  });
}

TEST_F(ws_connections, a_violation_is_answered_with_its_close_code) {
  std::uint16_t told = 0;
  serve([&](ws_connection& connection) -> task<> {
    std::string masked;
    ws_encode(masked, ws_opcode::text, "servers do not mask", 1U);
    (void)co_await connection.send_encoded(masked, soon());
    while (co_await connection.pump([](const ws_event&) {}, soon())) {
    }
    told = connection.end().close_code;
  });
  with_client([](ws_connection& client) -> task<> {
    const auto ended = co_await client.pump([](const ws_event&) {}, soon());
    EXPECT_EQ(ended.error().code(), net_error::protocol_violation);
  });
  EXPECT_EQ(told, 1002);
}

TEST_F(ws_connections, a_message_over_the_limit_is_too_large) {
  std::error_code ended;
  serve(
      [&](ws_connection& connection) -> task<> {
        ended = (co_await connection.pump([](const ws_event&) {}, soon())).error().code();
      },
      {.max_message_bytes = 10});
  with_client([](ws_connection& client) -> task<> {
    EXPECT_TRUE(co_await client.send(ws_opcode::text, "eleven byte", soon()));
    (void)co_await client.pump([](const ws_event&) {}, soon());
    EXPECT_EQ(client.end().close_code, 1009);
  });
  EXPECT_EQ(ended, net_error::too_large);
}

task<> send_numbered(ws_connection& connection, int first, int count, int& failures) {
  for (int i = first; i < first + count; ++i) {
    if (!co_await connection.send(ws_opcode::text, std::to_string(i) + std::string(20000, '.'), soon()))
      ++failures;
  }
}

TEST_F(ws_connections, many_senders_share_a_connection_and_each_keeps_its_order) {
  constexpr int senders = 8;
  constexpr int each = 50;
  constexpr std::size_t all = 400;
  static_assert(senders * each == all);
  std::vector<int> received;
  serve([&](ws_connection& connection) -> task<> {
    while (received.size() < all) {
      const auto take = [&](const ws_event& event) {
        received.push_back(std::stoi(std::string(event.payload)));
      };
      if (!co_await connection.pump(take, soon())) co_return;
    }
  });
  with_client([this](ws_connection& client) -> task<> {
    int failures = 0;
    task_group group(context_.get_executor());
    for (int i = 0; i < senders; ++i) group.spawn("send", send_numbered(client, i * 1000, each, failures));
    co_await group.join();
    EXPECT_EQ(failures, 0);
  });
  ASSERT_EQ(received.size(), all);
  for (int i = 0; i < senders; ++i) {
    std::vector<int> own;
    std::ranges::copy_if(received, std::back_inserter(own), [&](int number) { return number / 1000 == i; });
    EXPECT_TRUE(std::ranges::is_sorted(own));
  }
}

TEST_F(ws_connections, a_peer_that_does_not_read_makes_the_queue_too_large_and_then_times_out) {
  async_event stop_server(context_.get_executor());
  serve([&](ws_connection&) -> task<> { (void)co_await stop_server.wait(soon()); });
  with_client([&](ws_connection& client) -> task<> {
    const std::string much(12U << 20U, 'x');
    const deadline short_wait = deadline_in(milliseconds(50));
    std::vector<std::error_code> codes;
    task_group group(context_.get_executor());
    const auto send_one = [&]() -> task<> {
      const auto sent = co_await client.send(ws_opcode::binary, much, short_wait);
      if (!sent) codes.push_back(sent.error().code());
    };
    for (int i = 0; i < 3; ++i) group.spawn("send", send_one());
    co_await group.join();
    EXPECT_EQ(codes.size(), 3U);
    EXPECT_EQ(codes.front(), net_error::too_large);
    EXPECT_EQ(codes.back(), net_error::timed_out);
    stop_server.notify();
  });
}

TEST_F(ws_connections, close_works_while_another_coroutine_pumps) {
  serve(echo);
  with_client([this](ws_connection& client) -> task<> {
    std::error_code code;
    task_group group(context_.get_executor());
    group.spawn("pump", pump_to_end(client, code));
    (void)co_await sleep_until(deadline_in(milliseconds(1)));
    co_await client.close(4000, "moving", soon());
    EXPECT_EQ(client.end().close_code, 4000);
    co_await group.join();
    EXPECT_EQ(code, net_error::closed);
  });
}

TEST_F(ws_connections, close_does_not_wait_for_a_silent_peer_longer_than_told) {
  async_event stop_server(context_.get_executor());
  serve([&](ws_connection&) -> task<> { (void)co_await stop_server.wait(soon()); });
  with_client([&](ws_connection& client) -> task<> {
    co_await client.close(1000, "", deadline_in(milliseconds(10)));
    EXPECT_EQ(client.end().close_code, 0);
    stop_server.notify();
  });
}

TEST_F(ws_connections, destroying_a_connection_ends_its_pump) {
  serve(echo);
  const auto code = end_of_pump([](connection_ptr& client) -> task<> {
    (void)co_await sleep_until(deadline_in(milliseconds(1)));
    client.reset();
  });
  EXPECT_EQ(code, net_error::cancelled);
}

TEST_F(ws_connections, a_refused_upgrade_tells_the_status) {
  serve(echo);
  run_to_end(context_, [&]() -> task<> {
    const auto client = co_await open("/refused");
    EXPECT_FALSE(client);
    EXPECT_NE(client.error().message().find("403"), std::string::npos) << client.error().message();
    co_await server_->stop(soon());
  }());
}

TEST_F(ws_connections, stopping_the_server_breaks_websockets_at_the_deadline) {
  serve(echo);
  const auto code =
      end_of_pump([this](connection_ptr&) { return server_->stop(deadline_in(milliseconds(10))); });
  EXPECT_NE(code, std::error_code());
}

}  // namespace
}  // namespace guildfleet::net
