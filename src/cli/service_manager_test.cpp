// The words to a service manager on a real datagram socket.
#include "cli/service_manager.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <unistd.h>

#include "base/scratch_folder.hpp"
#include "net/task_group.hpp"
#include "support/notify_listener.hpp"

namespace guildfleet::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class counting_status final : public bot::fleet_status {
 public:
  [[nodiscard]] bot::fleet_snapshot snapshot() const override {
    bot::fleet_snapshot now{.loops = {{"loop-0", loop_age}}};
    now.bots.resize(++looks);
    return now;
  }
  std::chrono::milliseconds loop_age{0};
  mutable std::size_t looks = 0;  // each look sees one bot more
};

// A node's side in this thread, and somebody who listens.
struct service {
  explicit service(const std::string& at = {}) : systemd(at.empty() ? (folder / "notify").string() : at) {
    variables["NOTIFY_SOCKET"] = systemd.address();
  }

  [[nodiscard]] service_manager manager() {
    return {context.get_executor(), [this](std::string_view name) -> std::optional<std::string> {
              const auto found = variables.find(std::string(name));
              return found == variables.end() ? std::nullopt : std::optional(found->second);
            }};
  }

  // Lets it watch until so many messages came.
  std::vector<std::string> watched(service_manager& of, std::size_t messages) {
    net::task_group tasks(context.get_executor());
    tasks.spawn("watch", of.watch(status));
    std::vector<std::string> out;
    for (int turns = 0; out.size() < messages && turns < 10'000; ++turns) {
      context.restart();
      context.run_for(1ms);
      for (std::string text = systemd.take(); !text.empty(); text = systemd.take()) out.push_back(text);
    }
    tasks.cancel();
    context.restart();
    context.run_for(1s);
    return out;
  }

  base::scratch_folder folder;
  support::notify_listener systemd;
  std::map<std::string, std::string> variables;
  net::asio::io_context context{1};
  counting_status status;
};

TEST(service_manager, is_told_that_the_node_serves) {
  service node;
  auto manager = node.manager();
  manager.look(node.status.snapshot());
  EXPECT_EQ(node.systemd.take(), "READY=1\nSTATUS=1 bot, 0 ready\n");
}

TEST(service_manager, may_have_an_abstract_name) {
  service node(fmt::format("@guildfleet-test-{}", ::getpid()));
  auto manager = node.manager();
  manager.look(node.status.snapshot());
  EXPECT_THAT(node.systemd.take(), HasSubstr("READY=1"));
}

TEST(service_manager, is_told_nothing_when_there_is_none) {
  service node;
  node.variables.erase("NOTIFY_SOCKET");
  node.variables["WATCHDOG_USEC"] = "1000";
  auto manager = node.manager();
  manager.look(node.status.snapshot());
  EXPECT_EQ(node.systemd.take(), "");
  EXPECT_TRUE(node.watched(manager, 0).empty());
}

TEST(service_manager, hears_signs_of_life_while_it_watches) {
  service node;
  node.variables["WATCHDOG_USEC"] = "20000";
  auto manager = node.manager();
  for (const std::string& each : node.watched(manager, 3)) EXPECT_THAT(each, HasSubstr("WATCHDOG=1"));
}

TEST(service_manager, hears_no_sign_of_life_while_a_loop_is_stuck) {
  service node;
  node.variables["WATCHDOG_USEC"] = "20000";
  node.status.loop_age = 1h;
  auto manager = node.manager();
  const auto told = node.watched(manager, 3);
  ASSERT_GE(told.size(), 3U);
  for (const std::string& each : told) EXPECT_THAT(each, Not(HasSubstr("WATCHDOG=1")));
}

TEST(service_manager, gets_no_sign_of_life_that_another_process_owes) {
  service node;
  node.variables["WATCHDOG_USEC"] = "20000";
  node.variables["WATCHDOG_PID"] = "1";
  auto manager = node.manager();
  manager.look(node.status.snapshot());
  EXPECT_THAT(node.systemd.take(), Not(HasSubstr("WATCHDOG=1")));
}

TEST(service_manager, that_took_no_more_for_a_while_is_told_what_it_missed) {
  service node;
  auto other = node.manager();
  // Fills the queue of the manager's socket.
  for (int i = 0; i < 1'000; ++i) other.look(node.status.snapshot());
  auto manager = node.manager();
  manager.look(node.status.snapshot());
  while (!node.systemd.take().empty()) {
  }
  manager.look(node.status.snapshot());
  EXPECT_THAT(node.systemd.take(), HasSubstr("READY=1"));
}

TEST(service_manager, with_an_address_of_another_kind_is_left_alone) {
  service node;
  for (const std::string& path :
       {std::string("vsock:2:1"), "/" + std::string(200, 'x'), std::string("/nowhere"), std::string()}) {
    node.variables["NOTIFY_SOCKET"] = path;
    auto manager = node.manager();
    manager.look(node.status.snapshot());
    EXPECT_EQ(node.systemd.take(), "") << path;
  }
}

}  // namespace
}  // namespace guildfleet::cli
