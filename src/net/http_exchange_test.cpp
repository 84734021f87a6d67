// Server and client against each other over loopback.
#include <boost/asio/redirect_error.hpp>
#include <set>

#include "net/async_event.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/task_group.hpp"
#include "net/test_support.hpp"

namespace guildfleet::net {
namespace {

using std::chrono::milliseconds;

http_request get(std::string target) {
  return {.method = "GET", .target = std::move(target), .fields = {}, .body = {}, .remote_address = {}};
}

http_request post(std::string target, std::string body) {
  return {.method = "POST",
          .target = std::move(target),
          .fields = {},
          .body = std::move(body),
          .remote_address = {}};
}

task<> ask(http_client& client, std::string target, int& answered) {
  const auto response = co_await client.send(get(std::move(target)), soon());
  if (response && response->status == 200) ++answered;
}

class http_exchange : public testing::Test {
 protected:
  // "/wait" answers when release_ is notified; anything else at once.
  task<http_response> handle(http_request request) {
    ++handled_;
    if (request.path() == "/wait") {
      arrived_.notify();
      (void)co_await release_.wait(soon());
    }
    if (request.path() == "/break") co_return http_response{0, {}, {}};
    if (request.path() == "/throw") throw std::logic_error("a bug");
    if (request.path() == "/empty") co_return http_response{204, {}, {}};
    co_return http_response::text(200, request.method + " " + request.target + " " + request.body);
  }

  void serve(http_server_settings settings = {}) {
    server_ = std::make_unique<http_server>(context_.get_executor(), settings, [this](http_request request) {
      return handle(std::move(request));
    });
    ASSERT_TRUE(server_->start());
  }

  [[nodiscard]] http_client_settings to_server() const {
    http_client_settings settings;
    settings.origin = parse_url("http://127.0.0.1:" + std::to_string(server_->port())).value();
    return settings;
  }

  // Runs `body`, then stops the server.
  template <class Body>
  void run(Body body) {
    run_to_end(context_, [&]() -> task<> {
      co_await body();
      co_await server_->stop(soon());
    }());
  }

  // Writes bytes as they are and returns all that comes back until the server closes.
  task<std::string> raw(std::string bytes) {
    auto stream = co_await connect({"127.0.0.1", server_->port()}, nullptr, soon());
    if (!stream) co_return stream.error().message();
    (void)co_await (*stream)->write_all(bytes, soon());
    std::string answer;
    char chunk[4096];
    while (const auto count = co_await (*stream)->read_some(chunk, soon())) answer.append(chunk, *count);
    co_return answer;
  }

  // Sends a request that the server answers when release_ is notified; back when its handler runs.
  task<> ask_and_be_kept_waiting(task_group& group, http_client& client, int& answered) {
    group.spawn("ask", ask(client, "/wait", answered));
    (void)co_await arrived_.wait(soon());
  }

  asio::io_context context_;
  async_event release_{context_.get_executor()};
  async_event arrived_{context_.get_executor()};  // at the handler of "/wait"
  std::unique_ptr<http_server> server_;
  int handled_ = 0;
};

TEST_F(http_exchange, one_connection_serves_many_requests) {
  serve();
  http_client client(context_.get_executor(), to_server());
  run([&]() -> task<> {
    for (int i = 0; i < 5; ++i) {
      const auto response = co_await client.send(post("/a?b", "body"), soon());
      EXPECT_TRUE(response);
      EXPECT_EQ(response->body, "POST /a?b body");
      EXPECT_EQ(client.open_connections(), 1U);
    }
    const auto empty = co_await client.send(get("/empty"), soon());
    EXPECT_EQ(empty.value().status, 204);
    http_request head = get("/");
    head.method = "HEAD";
    const auto answer = co_await client.send(head, soon());
    EXPECT_EQ(answer.value().body, "");
    EXPECT_EQ(answer.value().fields.find("content-length"), "7");
    EXPECT_EQ(client.open_connections(), 1U);
    client.close();
  });
}

TEST_F(http_exchange, requests_beyond_the_connection_limit_wait_for_their_turn) {
  serve();
  http_client_settings settings = to_server();
  settings.max_connections = 2;
  http_client client(context_.get_executor(), settings);
  run([&]() -> task<> {
    int answered = 0;
    task_group group(context_.get_executor());
    for (int i = 0; i < 5; ++i) group.spawn("ask", ask(client, "/wait", answered));
    while (group.size() > 0) {
      EXPECT_LE(client.open_connections(), 2U);
      release_.notify();
      (void)co_await sleep_until(deadline_in(milliseconds(1)));
    }
    co_await group.join();
    EXPECT_EQ(answered, 5);
    EXPECT_EQ(handled_, 5);
    client.close();
  });
}

TEST_F(http_exchange, a_request_that_gets_no_connection_in_time_was_not_sent) {
  serve();
  http_client_settings settings = to_server();
  settings.max_connections = 1;
  http_client client(context_.get_executor(), settings);
  run([&]() -> task<> {
    int answered = 0;
    task_group group(context_.get_executor());
    co_await ask_and_be_kept_waiting(group, client, answered);
    const auto late = co_await client.send(get("/"), deadline_in(milliseconds(5)));
    EXPECT_EQ(late.error().fate, request_fate::not_sent);
    EXPECT_EQ(late.error().error.code(), net_error::timed_out);
    release_.notify();
    co_await group.join();
    client.close();
  });
}

TEST_F(http_exchange, an_answer_that_is_late_may_have_been_processed) {
  serve();
  http_client client(context_.get_executor(), to_server());
  run([&]() -> task<> {
    const auto late = co_await client.send(get("/wait"), deadline_in(milliseconds(20)));
    EXPECT_EQ(late.error().fate, request_fate::maybe_processed);
    EXPECT_EQ(late.error().error.code(), net_error::timed_out);
    EXPECT_EQ(client.open_connections(), 0U);
    release_.notify();
  });
}

TEST_F(http_exchange, nobody_listening_means_not_sent) {
  serve();
  const http_client_settings settings = to_server();
  run([]() -> task<> { co_return; });
  context_.restart();
  http_client client(context_.get_executor(), settings);
  run_to_end(context_, [&]() -> task<> {
    const auto response = co_await client.send(get("/"), soon());
    EXPECT_EQ(response.error().fate, request_fate::not_sent);
    EXPECT_EQ(response.error().error.code(), net_error::refused);
  }());
}

TEST_F(http_exchange, only_repeatable_requests_are_repeated_on_a_fresh_connection) {
  serve();
  http_client client(context_.get_executor(), to_server());
  run([&]() -> task<> {
    EXPECT_TRUE(co_await client.send(get("/"), soon()));
    const auto read = co_await client.send(get("/break"), soon());
    EXPECT_EQ(read.error().fate, request_fate::maybe_processed);
    EXPECT_EQ(handled_, 3);  // the pooled connection, then a fresh one
    EXPECT_TRUE(co_await client.send(get("/"), soon()));
    const auto written = co_await client.send(post("/break", ""), soon());
    EXPECT_EQ(written.error().fate, request_fate::maybe_processed);
    EXPECT_EQ(handled_, 5);
  });
}

TEST_F(http_exchange, a_connection_that_the_server_closed_is_not_used_again) {
  serve({.idle_timeout = milliseconds(10)});
  http_client client(context_.get_executor(), to_server());
  run([&]() -> task<> {
    EXPECT_TRUE(co_await client.send(get("/"), soon()));
    (void)co_await sleep_until(deadline_in(milliseconds(40)));
    EXPECT_TRUE(co_await client.send(post("/", "x"), soon()));
    client.close();
  });
}

TEST_F(http_exchange, close_cancels_what_is_under_way) {
  serve();
  http_client client(context_.get_executor(), to_server());
  run([&]() -> task<> {
    int answered = 0;
    task_group group(context_.get_executor());
    co_await ask_and_be_kept_waiting(group, client, answered);
    client.close();
    co_await group.join();
    EXPECT_EQ(answered, 0);
    EXPECT_EQ((co_await client.send(get("/"), soon())).error().error.code(), net_error::cancelled);
    release_.notify();
  });
}

TEST_F(http_exchange, an_answer_over_the_limit_is_refused) {
  serve();
  http_client_settings settings = to_server();
  settings.max_response_bytes = 10;
  http_client client(context_.get_executor(), settings);
  run([&]() -> task<> {
    const auto response = co_await client.send(post("/", "a long body"), soon());
    EXPECT_EQ(response.error().error.code(), net_error::too_large);
  });
}

TEST_F(http_exchange, a_handler_that_throws_answers_500_and_the_server_goes_on) {
  serve();
  http_client client(context_.get_executor(), to_server());
  run([&]() -> task<> {
    EXPECT_EQ((co_await client.send(get("/throw"), soon())).value().status, 500);
    EXPECT_EQ((co_await client.send(get("/"), soon())).value().status, 200);
    client.close();
  });
}

TEST_F(http_exchange, pipelined_requests_are_answered_in_order) {
  serve();
  run([&]() -> task<> {
    const std::string answers = co_await raw(
        "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxy"
        "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const auto first = answers.find("GET /1 ");
    const auto second = answers.find("POST /2 xy");
    const auto third = answers.find("GET /3 ");
    EXPECT_LT(first, second);
    EXPECT_LT(second, third);
    EXPECT_NE(third, std::string::npos);
  });
}

TEST_F(http_exchange, refusals_carry_their_status_even_when_the_body_was_not_read) {
  serve({.max_header_bytes = 1000, .max_body_bytes = 100});
  run([&]() -> task<> {
    const std::string large =
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n" + std::string(500000, 'x');
    EXPECT_TRUE((co_await raw(large)).starts_with("HTTP/1.1 413"));
    EXPECT_TRUE((co_await raw("GET / HTTP/1.1\r\nX: " + std::string(2000, 'x'))).starts_with("HTTP/1.1 431"));
    EXPECT_TRUE((co_await raw("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                    .starts_with("HTTP/1.1 411"));
    EXPECT_TRUE((co_await raw("nonsense\r\n\r\n")).starts_with("HTTP/1.1 400"));
    EXPECT_EQ(handled_, 0);
  });
}

TEST_F(http_exchange, a_slow_request_gets_408_and_an_idle_connection_ends_silently) {
  serve({.request_timeout = milliseconds(30), .idle_timeout = milliseconds(30)});
  run([&]() -> task<> {
    EXPECT_TRUE((co_await raw("GET / HT")).starts_with("HTTP/1.1 408"));
    EXPECT_EQ(co_await raw(""), "");
  });
}

TEST_F(http_exchange, continue_is_answered_before_the_body) {
  serve();
  run([&]() -> task<> {
    auto stream = co_await connect({"127.0.0.1", server_->port()}, nullptr, soon());
    char chunk[4096];
    EXPECT_TRUE(co_await (*stream)->write_all(
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", soon()));
    auto count = co_await (*stream)->read_some(chunk, soon());
    EXPECT_EQ(std::string_view(chunk, count.value_or(0)), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_TRUE(co_await (*stream)->write_all("xy", soon()));
    count = co_await (*stream)->read_some(chunk, soon());
    EXPECT_TRUE(std::string_view(chunk, count.value_or(0)).starts_with("HTTP/1.1 200"));
    stream->reset();
  });
}

TEST_F(http_exchange, connections_over_the_limit_are_closed_and_counted) {
  serve({.max_connections = 1});
  run([&]() -> task<> {
    auto first = co_await connect({"127.0.0.1", server_->port()}, nullptr, soon());
    EXPECT_EQ(co_await raw(""), "");
    EXPECT_EQ(server_->refused_connections(), 1U);
    first->reset();
  });
}

TEST_F(http_exchange, stop_lets_a_running_request_finish) {
  serve();
  http_client client(context_.get_executor(), to_server());
  int answered = 0;
  run_to_end(context_, [&]() -> task<> {
    task_group group(context_.get_executor());
    co_await ask_and_be_kept_waiting(group, client, answered);
    release_.notify();
    co_await server_->stop(soon());
    co_await group.join();
  }());
  EXPECT_EQ(answered, 1);
}

TEST_F(http_exchange, stop_breaks_what_does_not_finish) {
  serve();
  http_client client(context_.get_executor(), to_server());
  int answered = 0;
  run_to_end(context_, [&]() -> task<> {
    task_group group(context_.get_executor());
    co_await ask_and_be_kept_waiting(group, client, answered);
    co_await server_->stop(deadline_in(milliseconds(5)));
    co_await group.join();
  }());
  EXPECT_EQ(answered, 0);
}

TEST_F(http_exchange, a_port_in_use_is_explained) {
  serve();
  http_server_settings settings;
  settings.port = server_->port();
  http_server second(context_.get_executor(), settings,
                     [this](http_request request) { return handle(request); });
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code(), net_error::address_in_use);
  EXPECT_NE(started.error().message().find("127.0.0.1:" + std::to_string(settings.port)), std::string::npos);
}

}  // namespace
}  // namespace guildfleet::net
