#include "net/byte_stream.hpp"

#include <boost/asio/redirect_error.hpp>
#include <fstream>
#include <memory>
#include <openssl/ssl.h>
#include <unistd.h>

#include "net/async_event.hpp"
#include "net/task_group.hpp"
#include "net/test_support.hpp"
#include "net/throwaway_ca.hpp"

namespace guildfleet::net {
namespace {

using tcp = asio::ip::tcp;
using stream_ptr = std::unique_ptr<byte_stream>;

// A CA file that lives as long as the test.
class ca_file final {
 public:
  explicit ca_file(const std::string& pem)
      : path_(testing::TempDir() + "net_ca_" + std::to_string(::getpid())) {
    std::ofstream(path_) << pem;
  }
  ~ca_file() { (void)std::remove(path_.c_str()); }
  ca_file(const ca_file&) = delete;
  ca_file& operator=(const ca_file&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct tls_pair {
  tls_context client;
  tls_context server;
};

tls_pair make_tls(std::vector<std::string> names) {
  const auto authority = make_throwaway_ca(std::move(names)).value();
  const ca_file file(authority.ca_pem);
  return {make_client_tls(file.path()).value(),
          make_server_tls(authority.certificate_pem, authority.key_pem).value()};
}

// Two ends of a connection over loopback.
class byte_streams : public testing::TestWithParam<bool> {
 protected:
  static task<> accept_one(tcp::acceptor& acceptor, tls_context tls, base::result<stream_ptr>& into) {
    boost::system::error_code code;
    tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, code));
    into = co_await accept_stream(std::move(socket), tls, soon());
  }

  task<base::result<stream_ptr>> open(connect_target target, tls_pair tls) {
    task_group group(context_.get_executor());
    group.spawn("accept", accept_one(acceptor_, tls.server, server_));
    auto client = co_await connect(std::move(target), tls.client, soon());
    // A handshake that the client refused ends for the server when the client's socket closes.
    co_await group.join();
    co_return client;
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  // Opens both ends, runs `body(client, server)`.
  template <class Body>
  void with_both_ends(Body body) {
    const tls_pair tls = GetParam() ? make_tls({"127.0.0.1"}) : tls_pair{};
    run_to_end(context_, [&]() -> task<> {
      auto client = co_await open({"127.0.0.1", port()}, tls);
      EXPECT_TRUE(client && server_);
      if (client && server_) co_await body(**client, **server_);
      server_ = base::fail(net_error::closed);  // with its timer, so that the context has nothing left
    }());
  }

  asio::io_context context_;
  tcp::acceptor acceptor_{context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  base::result<stream_ptr> server_;
};
INSTANTIATE_TEST_SUITE_P(net, byte_streams, testing::Bool(),
                         [](const auto& given) { return given.param ? "tls" : "plain"; });

task<> write_and_end(byte_stream& stream, std::string text, base::result<void>& done) {
  done = co_await stream.write_all(text, soon());
  co_await stream.shut_down(soon());
}

TEST_P(byte_streams, carry_megabytes_and_the_orderly_end) {
  with_both_ends([this](byte_stream& client, byte_stream& server) -> task<> {
    std::string sent(5U << 20U, '\0');
    for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * 31U >> 3U);
    base::result<void> written;
    task_group group(context_.get_executor());
    group.spawn("write", write_and_end(client, sent, written));
    std::string received;
    std::string chunk(40000, '\0');
    base::result<std::size_t> count;
    while ((count = co_await server.read_some(chunk, soon()))) received.append(chunk, 0, *count);
    EXPECT_EQ(count.error().code(), net_error::closed);
    server_ = base::fail(net_error::closed);
    co_await group.join();
    EXPECT_TRUE(written);
    EXPECT_TRUE(received == sent);
  });
}

TEST_P(byte_streams, a_read_that_timed_out_lost_nothing) {
  with_both_ends([](byte_stream& client, byte_stream& server) -> task<> {
    char room[16];
    for (int i = 0; i < 3; ++i) {
      const auto none = co_await client.read_some(room, deadline_in(std::chrono::milliseconds(5)));
      EXPECT_EQ(none.error().code(), net_error::timed_out);
    }
    EXPECT_TRUE(co_await server.write_all("late", soon()));
    const auto count = co_await client.read_some(room, soon());
    EXPECT_EQ(std::string_view(room, count.value_or(0)), "late");
  });
}

TEST_P(byte_streams, a_write_to_a_peer_that_does_not_read_times_out) {
  with_both_ends([](byte_stream& client, byte_stream&) -> task<> {
    const std::string much(64U << 20U, 'x');
    const auto written = co_await client.write_all(much, deadline_in(std::chrono::milliseconds(50)));
    EXPECT_EQ(written.error().code(), net_error::timed_out);
  });
}

task<> read_until_error(byte_stream& stream, std::error_code& code) {
  char room[16];
  while (true) {
    const auto count = co_await stream.read_some(room, no_deadline());
    if (count) continue;
    code = count.error().code();
    co_return;
  }
}

TEST_P(byte_streams, cancel_ends_what_waits) {
  with_both_ends([this](byte_stream& client, byte_stream&) -> task<> {
    std::error_code code;
    task_group group(context_.get_executor());
    group.spawn("read", read_until_error(client, code));
    (void)co_await sleep_until(deadline_in(std::chrono::milliseconds(1)));
    client.cancel();
    co_await group.join();
    EXPECT_EQ(code, net_error::cancelled);
  });
}

TEST_P(byte_streams, a_cancelled_coroutine_stops_reading) {
  with_both_ends([this](byte_stream& client, byte_stream& server) -> task<> {
    std::error_code code;
    task_group group(context_.get_executor());
    group.spawn("read", read_until_error(client, code));
    EXPECT_TRUE(co_await server.write_all("something", soon()));
    group.cancel();
    co_await group.join();
    EXPECT_EQ(code, net_error::cancelled);
  });
}

TEST_P(byte_streams, a_stream_destroyed_under_a_reader_ends_the_read) {
  with_both_ends([this](byte_stream&, byte_stream& server) -> task<> {
    std::error_code code;
    task_group group(context_.get_executor());
    group.spawn("read", read_until_error(server, code));
    (void)co_await sleep_until(deadline_in(std::chrono::milliseconds(1)));
    server_ = base::fail(net_error::closed);
    co_await group.join();
  });
}

TEST_P(byte_streams, know_whether_they_may_be_used_again) {
  with_both_ends([this](byte_stream& client, byte_stream& server) -> task<> {
    char room[16];
    EXPECT_TRUE(co_await server.write_all("x", soon()));
    EXPECT_TRUE(co_await client.read_some(room, soon()));
    EXPECT_FALSE(client.unfit_for_reuse());
    server_ = base::fail(net_error::closed);
    const auto end = co_await client.read_some(room, deadline_in(std::chrono::milliseconds(1)));
    EXPECT_FALSE(end);
    EXPECT_TRUE(client.unfit_for_reuse());
  });
}

using tls_verification = byte_streams;
INSTANTIATE_TEST_SUITE_P(net, tls_verification, testing::Values(true));

TEST_P(tls_verification, a_host_name_is_compared) {
  run_to_end(context_, [&]() -> task<> {
    EXPECT_TRUE(co_await open({"localhost", port()}, make_tls({"localhost"})));
    server_ = base::fail(net_error::closed);
  }());
}

TEST_P(tls_verification, another_host_name_is_refused_and_the_error_names_it) {
  run_to_end(context_, [&]() -> task<> {
    const auto client = co_await open({"127.0.0.1", port()}, make_tls({"discord.example"}));
    EXPECT_FALSE(client);
    EXPECT_EQ(client.error().code(), net_error::tls_failed);
    EXPECT_NE(client.error().message().find("127.0.0.1"), std::string::npos) << client.error().message();
    EXPECT_EQ(client.error().message().find("tls.ca_file"), std::string::npos) << client.error().message();
    EXPECT_FALSE(server_);
  }());
}

TEST_P(tls_verification, an_unknown_authority_is_refused_and_the_error_names_the_setting) {
  tls_pair tls = make_tls({"127.0.0.1"});
  tls.client = make_client_tls("").value();
  run_to_end(context_, [&]() -> task<> {
    const auto client = co_await open({"127.0.0.1", port()}, tls);
    EXPECT_FALSE(client);
    EXPECT_NE(client.error().message().find("tls.ca_file"), std::string::npos) << client.error().message();
  }());
}

TEST_P(tls_verification, old_protocol_versions_are_refused) {
  const tls_pair tls = make_tls({"127.0.0.1"});
  SSL_CTX_set_min_proto_version(tls.server->native_handle(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(tls.server->native_handle(), TLS1_1_VERSION);
  SSL_CTX_set_security_level(tls.server->native_handle(), 0);
  run_to_end(context_, [&]() -> task<> {
    const auto client = co_await open({"127.0.0.1", port()}, tls);
    EXPECT_FALSE(client);
  }());
}

TEST(tls_contexts, bad_files_and_texts_are_explained) {
  const auto missing = make_client_tls("/nonexistent/ca.pem");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message().find("/nonexistent/ca.pem"), std::string::npos);
  const ca_file empty("no certificate");
  EXPECT_FALSE(make_client_tls(empty.path()));
  const auto one = make_throwaway_ca({"a"}).value();
  const auto other = make_throwaway_ca({"a"}).value();
  EXPECT_FALSE(make_server_tls("x", one.key_pem));
  EXPECT_FALSE(make_server_tls(one.certificate_pem, "x"));
  EXPECT_FALSE(make_server_tls(one.certificate_pem, other.key_pem));
}

TEST(connect, a_port_nobody_listens_on_is_refused) {
  asio::io_context context;
  tcp::acceptor taken(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  const std::uint16_t port = taken.local_endpoint().port();
  taken.close();
  run_to_end(context, [&]() -> task<> {
    const auto stream = co_await connect({"127.0.0.1", port}, nullptr, soon());
    EXPECT_FALSE(stream);
    EXPECT_EQ(stream.error().code(), net_error::refused);
    EXPECT_NE(stream.error().context().find("127.0.0.1:"), std::string::npos);
  }());
}

TEST(connect, a_tls_handshake_that_is_not_answered_times_out) {
  asio::io_context context;
  tcp::acceptor silent(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  run_to_end(context, [&]() -> task<> {
    const auto stream =
        co_await connect({"127.0.0.1", silent.local_endpoint().port()}, make_client_tls("").value(),
                         deadline_in(std::chrono::milliseconds(30)));
    EXPECT_FALSE(stream);
    EXPECT_EQ(stream.error().code(), net_error::timed_out);
  }());
}

}  // namespace
}  // namespace guildfleet::net
