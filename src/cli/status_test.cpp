// The commands that ask a running node, against a health server on loopback.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/health_server.hpp"
#include "cli/program_run.hpp"
#include "net/reactor.hpp"

namespace guildfleet::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class fixed_status final : public bot::fleet_status {
 public:
  [[nodiscard]] bot::fleet_snapshot snapshot() const override {
    bot::fleet_snapshot now;
    now.fleet = "fleet-a";
    now.node = "node-a";
    now.store_opened = ready;
    now.loops = {{"main", stuck ? 6s : 0s}};
    bot::bot_health music{.name = "music"};
    music.shards.push_back(
        {.shard = {0, 1}, .state = bot::shard_state::connected, .held = true, .since_connected = 0ms});
    now.bots.push_back(std::move(music));
    return now;
  }
  bool ready = true;
  bool stuck = false;
};

// A node's HTTP face on a port of its own.
class running_node final {
 public:
  explicit running_node(const bot::fleet_status& status)
      : server_(reactor_.executor(), {.address = "127.0.0.1", .port = 0, .readiness = {}}, status, metrics_) {
    std::promise<bool> started;
    net::asio::post(reactor_.executor(), [&] { started.set_value(server_.start().has_value()); });
    good_ = started.get_future().get();
  }
  ~running_node() {
    net::asio::co_spawn(reactor_.executor(), server_.stop(net::deadline_in(1s)), net::asio::use_future).get();
  }
  running_node(const running_node&) = delete;
  running_node& operator=(const running_node&) = delete;

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }

 private:
  net::reactor reactor_{"test"};
  base::metrics metrics_;
  api::health_server server_;
  bool good_ = false;
};

class asking_a_node : public testing::Test, protected program_run {
 protected:
  asking_a_node() {
    facts.variables = [](std::string_view) { return std::nullopt; };
  }

  fixed_status status;
};

TEST_F(asking_a_node, status_and_health_tell_how_it_is) {
  const running_node node(status);
  ASSERT_TRUE(node.good());
  EXPECT_EQ(run({"status", "--url", node.url()}), exit_code::fine);
  EXPECT_THAT(out, HasSubstr("fleet-a on node-a"));
  EXPECT_THAT(out, HasSubstr("music"));
  EXPECT_EQ(run({"status", "--url", node.url(), "-o", "json"}), exit_code::fine);
  EXPECT_THAT(out, HasSubstr(R"("status":"ok")"));
  EXPECT_EQ(run({"health", "--url", node.url()}), exit_code::fine);
  EXPECT_EQ(out, "alive\n");
}

TEST_F(asking_a_node, a_node_that_is_not_ready_lives_all_the_same) {
  status.ready = false;
  const running_node node(status);
  ASSERT_TRUE(node.good());
  EXPECT_EQ(run({"status", "--url", node.url()}), exit_code::failed);
  EXPECT_EQ(run({"health", "--ready", "--url", node.url()}), exit_code::failed);
  EXPECT_EQ(out, "the store is not open yet\n");
  EXPECT_EQ(run({"health", "--url", node.url()}), exit_code::fine);
}

TEST_F(asking_a_node, a_stuck_loop_fails_the_health_check) {
  status.stuck = true;
  const running_node node(status);
  ASSERT_TRUE(node.good());
  EXPECT_EQ(run({"health", "--url", node.url()}), exit_code::failed);
  EXPECT_THAT(out, HasSubstr("event loop main has not turned"));
}

TEST_F(asking_a_node, nobody_there_is_said_once) {
  std::string url;
  {
    const running_node node(status);
    url = node.url();
  }
  EXPECT_EQ(run({"status", "--url", url}), exit_code::failed);
  EXPECT_THAT(err, HasSubstr(url.substr(7)));
}

}  // namespace
}  // namespace guildfleet::cli
