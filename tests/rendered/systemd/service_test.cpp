// A rendered service, started as systemd starts it: its words to the service manager, and its secrets.
#include <boost/asio/ip/tcp.hpp>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/fleet_harness.hpp"
#include "support/notify_listener.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;
using testing::Not;

// Ports are rendered, so they must be known before; the API's is the next one.
std::uint16_t free_port() {
  net::asio::io_context context;
  const net::asio::ip::tcp::acceptor taken(context, {net::asio::ip::address_v4::loopback(), 0});
  return std::min<std::uint16_t>(taken.local_endpoint().port(), 60'000);
}

// The folders that systemd would make, below one.
struct rendered_service {
  rendered_service() {
    namespace fs = std::filesystem;
    for (const char* each : {"rendered", "credentials", "state", "runtime"})
      fs::create_directory(folder / each);
    std::ofstream(folder / "rendered/in.yaml")
        << "port: " << free_port()
        << "\negress: tested\nbots:\n  - { name: bot1, token: \"${A}\", features: [ping, probe] }\n"
           "  - { name: bot2, token: \"${B}\" }\n";
    support::child_process render({{GUILDFLEET_PROGRAM, "render", "systemd", "-c", "in.yaml", "-o", "."},
                                   {},
                                   folder / "rendered",
                                   folder / "render.out",
                                   folder / "render.err"});
    EXPECT_EQ(render.wait(patience), 0) << render.err();
    // Where `run` looks without being told.
    fs::copy_file(folder / "rendered/etc/guildfleet/bot1.yaml", folder / "fleet.yaml");
    std::ofstream(folder / "credentials/bot1_token") << discord.token_of("bot1") << '\n';
  }

  [[nodiscard]] node::variables environment() const {
    return {{"DISCORD_API_URL", discord.api_url()},
            {"NODE_NAME", "bot1@here"},
            {"CREDENTIALS_DIRECTORY", (folder / "credentials").string()},
            {"STATE_DIRECTORY", (folder / "state").string()},
            {"RUNTIME_DIRECTORY", (folder / "runtime").string()},
            {"NOTIFY_SOCKET", systemd.address()},
            {"WATCHDOG_USEC", "200000"}};
  }

  base::scratch_folder folder;
  simulated_discord discord{{.bots = {"bot1", "bot2"}}};
  support::notify_listener systemd{(folder / "notify").string()};
};

TEST(rendered_service, lives_and_ends_as_a_unit_of_systemd) {
  rendered_service service;
  node bot(service.folder, service.environment());
  ASSERT_TRUE(service.systemd.hears("READY=1", patience)) << bot.log();
  ASSERT_TRUE(service.systemd.hears("STATUS=1 bot, 1 ready\n", patience)) << service.systemd.heard();
  EXPECT_TRUE(service.systemd.hears("WATCHDOG=1", patience));
  EXPECT_TRUE(bot.ready());
  EXPECT_EQ(bot.stop(), 0) << bot.log();
  EXPECT_TRUE(service.systemd.hears("STOPPING=1", patience));
  EXPECT_TRUE(exists(service.folder / "state/bot1.sqlite"));
  EXPECT_FALSE(is_empty(service.folder / "runtime")) << "requests are counted elsewhere";
  const std::string shown = bot.process().out() + bot.process().err() + service.systemd.heard();
  EXPECT_THAT(shown, Not(HasSubstr(service.discord.token_of("bot1"))));
}

TEST(rendered_service, serves_while_discord_is_away) {
  rendered_service service;
  auto environment = service.environment();
  environment["DISCORD_API_URL"] = "http://127.0.0.1:9/api";
  node bot(service.folder, environment);
  EXPECT_TRUE(service.systemd.hears("READY=1\nSTATUS=1 bot, 0 ready", patience)) << bot.log();
  EXPECT_EQ(bot.stop(), 0);
}

TEST(rendered_service, without_its_secret_ends_with_the_code_that_is_not_started_again) {
  rendered_service service;
  std::filesystem::remove(service.folder / "credentials/bot1_token");
  node bot(service.folder, service.environment());
  EXPECT_EQ(bot.process().wait(patience), 2);
  EXPECT_FALSE(service.systemd.hears("READY=1", 0ms));
  EXPECT_THAT(bot.process().out() + bot.process().err(), HasSubstr("credentials/bot1_token"));
}

TEST(rendered_service, outside_of_systemd_says_nothing_and_runs) {
  rendered_service service;
  auto environment = service.environment();
  environment.erase("NOTIFY_SOCKET");
  node bot(service.folder, environment);
  EXPECT_TRUE(bot.ready());
  EXPECT_EQ(bot.stop(), 0);
  EXPECT_FALSE(service.systemd.hears("=", 0ms));
}

}  // namespace
}  // namespace guildfleet::integration
