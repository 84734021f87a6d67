// The simulator through real loopback sockets: REST, gateway and control API on one port.
#include "sim/simulator.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "net/http_client.hpp"
#include "net/ws_connection.hpp"
#include "sim/gateway/protocol.hpp"

namespace guildfleet::sim {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds patience(20);

// Runs one scripted coroutine on a reactor of this thread and stops the simulator behind it.
class loopback : public testing::Test {
 public:
  loopback() {
    settings.world.guilds = 3;
    settings.world.members = 5;
    settings.gateway.identify_interval = milliseconds(0);
    settings.gateway.identify_tolerance = milliseconds(0);
  }

  void play(net::task<> (loopback::*script)()) {
    sim = std::make_unique<simulator>(context.get_executor(), clock, settings);
    const auto started = sim->start();
    ASSERT_TRUE(started) << started.error().message();
    net::asio::co_spawn(context, run(script), [](const std::exception_ptr& thrown) {
      if (thrown) std::rethrow_exception(thrown);
    });
    context.run();
    EXPECT_TRUE(ended);
  }
  net::task<> run(net::task<> (loopback::*script)()) {
    co_await (this->*script)();
    co_await sim->stop();
    ended = true;
  }

  net::task<> hello_ready_and_command();
  net::task<> compressed_transport();
  net::task<> payload_compression();
  net::task<> resume_after_drop();
  net::task<> feed_reaches_the_marker();
  net::task<> close_fault_has_code_and_reason();
  net::task<> reset_fault_breaks_the_connection();
  net::task<> shutdown_is_announced();
  net::task<> second_listener_is_told();
  net::task<> tls_with_its_own_authority();

  [[nodiscard]] net::deadline until() const { return net::deadline_in(patience); }
  net::task<std::expected<net::http_response, net::http_failure>> call(std::string method, std::string target,
                                                                       std::string body = {}) {
    net::http_client client(context.get_executor(), {.origin = *net::parse_url(sim->api_url()), .tls = tls});
    net::http_request request{std::move(method), std::move(target), {}, std::move(body), {}};
    request.fields.set("User-Agent", "DiscordBot (https://example.org, 1)");
    request.fields.set("Authorization", "Bot " + token());
    if (!request.body.empty()) request.fields.set("Content-Type", "application/json");
    co_return co_await client.send(std::move(request), until());
  }
  net::task<json::value> control(std::string what, json::object body) {
    auto response = co_await call("POST", "/_sim/" + what, json::serialize(body));
    if (!response) throw std::runtime_error(response.error().error.message());
    EXPECT_EQ(response->status, 200) << response->body;
    co_return json::parse(response->body);
  }
  [[nodiscard]] std::string gateway() const { return sim->gateway_url() + "/?v=10&encoding=json"; }
  [[nodiscard]] std::string token() const { return sim->owner().bots().front().token; }

  base::system_clock clock;
  simulator_settings settings;
  net::asio::io_context context;
  std::unique_ptr<simulator> sim;
  net::tls_context tls;
  bool ended = false;
};

// A gateway client as small as it can be.
class tiny_client final {
 public:
  net::task<> connect(std::string url, net::tls_context tls, net::deadline until) {
    auto socket = co_await net::ws_connect(*net::parse_url(url), tls, {}, {}, until);
    if (!socket) throw std::runtime_error(socket.error().message());
    socket_ = std::move(*socket);
    inflateInit(&zlib_);
  }
  ~tiny_client() { inflateEnd(&zlib_); }

  // The next message of this type ("READY", or "op10"); the others before it are skipped and counted.
  net::task<json::object> until_type(std::string type, net::deadline until) {
    while (true) {
      while (!inbox_.empty()) {
        json::object message = std::move(inbox_.front());
        inbox_.pop_front();
        const std::string name = message.at("t").is_string()
                                     ? std::string(message.at("t").as_string().c_str())
                                     : fmt::format("op{}", message.at("op").as_int64());
        if (message.at("s").is_int64()) sequence = static_cast<std::uint64_t>(message.at("s").as_int64());
        ++seen[name];
        if (name == type) co_return message;
      }
      const auto pumped = co_await socket_->pump([this](const net::ws_event& event) { take(event); }, until);
      if (!pumped) throw std::runtime_error("no " + type + ": " + pumped.error().message());
    }
  }
  net::task<> send(std::string text, net::deadline until) {
    const auto sent = co_await socket_->send(net::ws_opcode::text, text, until);
    EXPECT_TRUE(sent.has_value());
  }
  net::task<> identify(std::string token, net::deadline until, bool compress = false) {
    co_await send(
        fmt::format(R"({{"op":2,"d":{{"token":"{}","properties":{{}},"intents":{},"compress":{}}}}})", token,
                    intent::all, compress),
        until);
  }
  net::task<> open_session(std::string url, std::string token, net::deadline until) {
    co_await connect(std::move(url), {}, until);
    co_await identify(std::move(token), until);
  }
  // Pumps until the server ends the connection.
  net::task<net::ws_end> end(net::deadline until) {
    while (true) {
      const auto pumped = co_await socket_->pump([this](const net::ws_event& event) { take(event); }, until);
      if (!pumped) co_return socket_->end();
    }
  }
  void abort() { socket_->abort(); }

  std::map<std::string, int> seen;
  std::uint64_t sequence = 0;
  int split_messages = 0;
  bool zstd = false;
  bool payloads = false;

 private:
  void take(const net::ws_event& event) {
    if (event.kind == net::ws_opcode::text) return keep(event.payload);
    if (zstd) return keep(from_zstd(event.payload));
    if (payloads) {
      inflateReset(&zlib_);
      return keep(from_zlib(event.payload));
    }
    pending_ += event.payload;
    if (!event.payload.ends_with(std::string_view("\x00\x00\xff\xff", 4))) {
      ++split_messages;
      return;
    }
    keep(from_zlib(pending_));
    pending_.clear();
  }
  void keep(std::string_view text) { inbox_.push_back(json::parse(json::string_view(text)).as_object()); }
  std::string from_zlib(std::string_view packed) {
    std::string out(4U << 20U, '\0');
    zlib_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    zlib_.avail_in = static_cast<uInt>(packed.size());
    zlib_.next_out = reinterpret_cast<Bytef*>(out.data());
    zlib_.avail_out = static_cast<uInt>(out.size());
    inflate(&zlib_, Z_SYNC_FLUSH);
    out.resize(out.size() - zlib_.avail_out);
    return out;
  }
  std::string from_zstd(std::string_view packed) {
    std::string out(4U << 20U, '\0');
    ZSTD_inBuffer input{packed.data(), packed.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    ZSTD_decompressStream(zstd_.get(), &output, &input);
    out.resize(output.pos);
    return out;
  }

  std::unique_ptr<net::ws_connection> socket_;
  std::deque<json::object> inbox_;
  std::string pending_;
  z_stream zlib_{};
  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> zstd_{ZSTD_createDCtx(), &ZSTD_freeDCtx};
};

net::task<> loopback::hello_ready_and_command() {
  const auto discovery = co_await call("GET", "/api/v10/gateway/bot");
  EXPECT_EQ(json::parse(discovery->body).at("url").as_string(), sim->gateway_url());
  const auto registered = co_await call(
      "POST", fmt::format("/api/v10/applications/{}/commands", sim->owner().bots().front().application),
      R"({"name":"ping","description":"pong"})");
  EXPECT_EQ(registered->status, 201) << registered->body;

  tiny_client client;
  co_await client.connect(gateway(), {}, until());
  co_await client.until_type("op10", until());
  co_await client.identify(token(), until());
  const json::object ready = co_await client.until_type("READY", until());
  EXPECT_EQ(ready.at("d").at("resume_gateway_url").as_string(), sim->gateway_url());
  for (int guild = 0; guild < 3; ++guild) co_await client.until_type("GUILD_CREATE", until());

  const auto impossible = co_await call("POST", "/_sim/command", R"({"name":"ping","options":{"text":"x"}})");
  EXPECT_EQ(impossible->status, 400);
  EXPECT_TRUE(impossible->body.contains("text: an option is unknown")) << impossible->body;
  const json::value status = co_await control("command", {{"name", "ping"}});
  const json::object interaction = co_await client.until_type("INTERACTION_CREATE", until());
  EXPECT_EQ(interaction.at("d").at("id"), status.at("id"));
  const auto answered = co_await call(
      "POST",
      fmt::format("/api/v10/interactions/{}/{}/callback", interaction.at("d").at("id").as_string().c_str(),
                  interaction.at("d").at("token").as_string().c_str()),
      R"({"type":4,"data":{"content":"pong"}})");
  EXPECT_EQ(answered->status, 204) << answered->body;
  const auto shown =
      co_await call("GET", fmt::format("/_sim/interactions/{}", status.at("id").as_string().c_str()));
  EXPECT_EQ(json::parse(shown->body).at("content").as_string(), "pong");
  const auto report = co_await call("GET", "/_sim/report");
  EXPECT_EQ(json::parse(report->body).at("gateway").at("identifies"), 1);
}

TEST_F(loopback, ready_then_a_command_and_its_answer) {
  play(&loopback::hello_ready_and_command);
}

net::task<> loopback::compressed_transport() {
  for (const std::string mode : {"zlib-stream", "zstd-stream"}) {
    tiny_client client;
    client.zstd = mode == "zstd-stream";
    co_await client.connect(gateway() + "&compress=" + mode, {}, until());
    co_await client.until_type("op10", until());
    co_await client.identify(token(), until());
    for (int guild = 0; guild < 3; ++guild) co_await client.until_type("GUILD_CREATE", until());
    EXPECT_EQ(client.split_messages > 0, mode == "zlib-stream");
  }
}

TEST_F(loopback, zlib_stream_is_split_sometimes_and_zstd_stream_works) {
  settings.gateway.zlib_split_every = 2;
  play(&loopback::compressed_transport);
}

net::task<> loopback::payload_compression() {
  tiny_client client;
  client.payloads = true;
  co_await client.connect(gateway(), {}, until());
  co_await client.until_type("op10", until());
  co_await client.identify(token(), until(), true);
  co_await client.until_type("GUILD_CREATE", until());
}

TEST_F(loopback, identify_can_ask_for_compressed_payloads) {
  play(&loopback::payload_compression);
}

net::task<> loopback::resume_after_drop() {
  tiny_client client;
  co_await client.open_session(gateway(), token(), until());
  const json::object ready = co_await client.until_type("READY", until());
  for (int guild = 0; guild < 3; ++guild) co_await client.until_type("GUILD_CREATE", until());
  const json::value dropped = co_await control("fault", {{"kind", "drop"}});
  EXPECT_EQ(dropped.at("affected"), 1);
  EXPECT_EQ((co_await client.end(until())).close_code, 0);
  co_await control("message", {{"content", "while away"}});

  tiny_client again;
  co_await again.connect(gateway(), {}, until());
  co_await again.send(fmt::format(R"({{"op":6,"d":{{"token":"{}","session_id":"{}","seq":{}}}}})", token(),
                                  ready.at("d").at("session_id").as_string().c_str(), client.sequence),
                      until());
  const json::object message = co_await again.until_type("MESSAGE_CREATE", until());
  EXPECT_EQ(message.at("s"), client.sequence + 1);
  co_await again.until_type("RESUMED", until());
}

TEST_F(loopback, resume_after_a_drop_replays_what_was_missed) {
  play(&loopback::resume_after_drop);
}

net::task<> loopback::feed_reaches_the_marker() {
  co_await control("feed", {{"count", 5000}, {"marker", "the end"}});
  tiny_client client;
  co_await client.open_session(gateway(), token(), until());
  std::string last_content;
  while (last_content != "the end") {
    const json::object message = co_await client.until_type("MESSAGE_CREATE", until());
    last_content = message.at("d").at("content").as_string().c_str();
  }
  EXPECT_EQ(client.seen["MESSAGE_CREATE"], 5001);
  EXPECT_EQ(client.sequence, 5005U);
}

TEST_F(loopback, a_feed_waits_for_the_session_and_ends_with_its_marker) {
  play(&loopback::feed_reaches_the_marker);
}

net::task<> loopback::close_fault_has_code_and_reason() {
  tiny_client client;
  co_await client.open_session(gateway(), token(), until());
  co_await client.until_type("READY", until());
  co_await control("fault", {{"kind", "close"}, {"code", 4009}});
  const net::ws_end end = co_await client.end(until());
  EXPECT_EQ(end.close_code, 4009);
  EXPECT_EQ(end.reason, "Session timed out.");
}

TEST_F(loopback, close_fault_sends_a_close_frame_with_its_reason) {
  play(&loopback::close_fault_has_code_and_reason);
}

net::task<> loopback::reset_fault_breaks_the_connection() {
  co_await control("fault", {{"kind", "reset"}, {"count", 2}, {"route", "/gateway/bot"}});
  // GET is repeated once by the client, so both attempts have to break.
  const auto broken = co_await call("GET", "/api/v10/gateway/bot");
  EXPECT_FALSE(broken.has_value());
}

TEST_F(loopback, reset_fault_breaks_the_connection_without_an_answer) {
  play(&loopback::reset_fault_breaks_the_connection);
}

net::task<> loopback::shutdown_is_announced() {
  bool asked = false;
  sim->on_shutdown([&asked] { asked = true; });
  co_await control("shutdown", {});
  EXPECT_TRUE(asked);
}

TEST_F(loopback, shutdown_is_announced_to_the_owner) {
  play(&loopback::shutdown_is_announced);
}

net::task<> loopback::second_listener_is_told() {
  simulator_settings same = settings;
  same.port = sim->port();
  simulator second(context.get_executor(), clock, same);
  const auto started = second.start();
  EXPECT_FALSE(started);
  co_return;
}

TEST_F(loopback, a_taken_port_is_an_error) {
  play(&loopback::second_listener_is_told);
}

net::task<> loopback::tls_with_its_own_authority() {
  tls = *net::make_client_tls(settings.ca_file);
  const auto discovery = co_await call("GET", "/api/v10/gateway/bot");
  EXPECT_TRUE(discovery.has_value());
  tiny_client client;
  co_await client.connect(gateway(), tls, until());
  co_await client.identify(token(), until());
  co_await client.until_type("READY", until());
}

TEST_F(loopback, tls_is_verified_with_the_written_authority) {
  settings.tls = true;
  settings.ca_file = testing::TempDir() + "guildfleet_sim_ca.pem";
  play(&loopback::tls_with_its_own_authority);
  std::remove(settings.ca_file.c_str());
}

}  // namespace
}  // namespace guildfleet::sim
