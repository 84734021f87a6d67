// The words to a service manager on a real datagram socket.
#include "cli/service_manager.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <unistd.h>

#include "base/scratch_folder.hpp"
#include "net/task_group.hpp"

namespace guildfleet::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using protocol = net::asio::local::datagram_protocol;

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

// Stands in for systemd: keeps what it is told. Everything runs in the test's thread.
struct service {
  explicit service(const std::string& at = {}) : path(at.empty() ? (folder / "notify").string() : at) {
    std::string bound = path;
    if (bound.front() == '@') bound.front() = '\0';
    socket.open(protocol());
    socket.bind(protocol::endpoint(bound));
    socket.non_blocking(true);
    variables["NOTIFY_SOCKET"] = path;
  }

  [[nodiscard]] service_manager manager() {
    return {context.get_executor(), [this](std::string_view name) -> std::optional<std::string> {
              const auto found = variables.find(std::string(name));
              return found == variables.end() ? std::nullopt : std::optional(found->second);
            }};
  }

  // The oldest message that was not taken yet; empty: there is none.
  std::string heard() {
    std::array<char, 4'096> text{};
    boost::system::error_code none;
    const std::size_t size = socket.receive(net::asio::buffer(text), 0, none);
    return none ? std::string() : std::string(text.data(), size);
  }

  // Lets it watch until so many messages came.
  std::vector<std::string> watched(service_manager& of, std::size_t messages) {
    net::task_group tasks(context.get_executor());
    tasks.spawn("watch", of.watch(status));
    std::vector<std::string> out;
    for (int turns = 0; out.size() < messages && turns < 10'000; ++turns) {
      context.restart();
      context.run_for(1ms);
      for (std::string text = heard(); !text.empty(); text = heard()) out.push_back(text);
    }
    tasks.cancel();
    context.restart();
    context.run_for(1s);
    return out;
  }

  base::scratch_folder folder;
  std::string path;
  std::map<std::string, std::string> variables;
  net::asio::io_context context{1};
  protocol::socket socket{context};
  counting_status status;
};

TEST(service_manager, is_told_that_the_node_serves) {
  service systemd;
  auto manager = systemd.manager();
  manager.look(systemd.status.snapshot());
  EXPECT_EQ(systemd.heard(), "READY=1\nSTATUS=1 bot, 0 ready\n");
}

TEST(service_manager, may_have_an_abstract_name) {
  service systemd(fmt::format("@guildfleet-test-{}", ::getpid()));
  auto manager = systemd.manager();
  manager.look(systemd.status.snapshot());
  EXPECT_THAT(systemd.heard(), HasSubstr("READY=1"));
}

TEST(service_manager, is_told_nothing_when_there_is_none) {
  service systemd;
  systemd.variables.erase("NOTIFY_SOCKET");
  systemd.variables["WATCHDOG_USEC"] = "1000";
  auto manager = systemd.manager();
  manager.look(systemd.status.snapshot());
  EXPECT_EQ(systemd.heard(), "");
  EXPECT_TRUE(systemd.watched(manager, 0).empty());
}

TEST(service_manager, hears_signs_of_life_while_it_watches) {
  service systemd;
  systemd.variables["WATCHDOG_USEC"] = "20000";
  auto manager = systemd.manager();
  for (const std::string& each : systemd.watched(manager, 3)) EXPECT_THAT(each, HasSubstr("WATCHDOG=1"));
}

TEST(service_manager, hears_no_sign_of_life_while_a_loop_is_stuck) {
  service systemd;
  systemd.variables["WATCHDOG_USEC"] = "20000";
  systemd.status.loop_age = 1h;
  auto manager = systemd.manager();
  const auto told = systemd.watched(manager, 3);
  ASSERT_GE(told.size(), 3U);
  for (const std::string& each : told) EXPECT_THAT(each, Not(HasSubstr("WATCHDOG=1")));
}

TEST(service_manager, gets_no_sign_of_life_that_another_process_owes) {
  service systemd;
  systemd.variables["WATCHDOG_USEC"] = "20000";
  systemd.variables["WATCHDOG_PID"] = "1";
  auto manager = systemd.manager();
  manager.look(systemd.status.snapshot());
  EXPECT_THAT(systemd.heard(), Not(HasSubstr("WATCHDOG=1")));
}

TEST(service_manager, that_took_no_more_for_a_while_is_told_what_it_missed) {
  service systemd;
  auto other = systemd.manager();
  // Fills the queue of the manager's socket.
  for (int i = 0; i < 1'000; ++i) other.look(systemd.status.snapshot());
  auto manager = systemd.manager();
  manager.look(systemd.status.snapshot());
  while (!systemd.heard().empty()) {
  }
  manager.look(systemd.status.snapshot());
  EXPECT_THAT(systemd.heard(), HasSubstr("READY=1"));
}

TEST(service_manager, with_an_address_of_another_kind_is_left_alone) {
  service systemd;
  for (const std::string& path :
       {std::string("vsock:2:1"), "/" + std::string(200, 'x'), std::string("/nowhere"), std::string()}) {
    systemd.variables["NOTIFY_SOCKET"] = path;
    auto manager = systemd.manager();
    manager.look(systemd.status.snapshot());
    EXPECT_EQ(systemd.heard(), "") << path;
  }
}

}  // namespace
}  // namespace guildfleet::cli
