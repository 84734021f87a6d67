#include "cli/service_manager.hpp"

#include <boost/asio/buffer.hpp>
#include <charconv>
#include <unistd.h>

#include "base/log.hpp"
#include "net/async_event.hpp"

namespace guildfleet::cli {
namespace {

constexpr std::chrono::seconds send_again_after{1};

std::optional<std::int64_t> number_in(const std::optional<std::string>& text) {
  std::int64_t value = 0;
  if (!text) return std::nullopt;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (problem != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return value;
}

// A watchdog that is meant for another process of the service is none.
std::optional<std::chrono::microseconds> watchdog_in(const base::variable_lookup& variables) {
  if (!variables) return std::nullopt;
  const auto of_process = variables("WATCHDOG_PID");
  if (of_process && number_in(of_process) != ::getpid()) return std::nullopt;
  const auto limit = number_in(variables("WATCHDOG_USEC"));
  if (!limit || *limit <= 0) return std::nullopt;
  return std::chrono::microseconds(*limit);
}

}  // namespace

service_manager::service_manager(net::asio::any_io_executor executor, const base::variable_lookup& variables)
    : socket_(std::move(executor)), notices_(watchdog_in(variables)) {
  if (!variables) return;
  if (auto path = variables("NOTIFY_SOCKET"); path && !path->empty()) open(std::move(*path));
}

void service_manager::open(std::string path) {
  const bool known = path.front() == '/' || path.front() == '@';
  boost::system::error_code problem = net::asio::error::operation_not_supported;
  if (path.front() == '@') path.front() = '\0';
  if (known && path.size() < sizeof(sockaddr_un::sun_path)) {
    manager_ = protocol::endpoint(path);
    (void)socket_.open(protocol(), problem);
    // A manager that is held up must not hold up the bots.
    if (!problem) (void)socket_.non_blocking(true, problem);
  }
  if (!problem) return;
  boost::system::error_code ignored;
  (void)socket_.close(ignored);
  base::logger::root().warn("the service manager cannot be told anything",
                            base::field("reason", problem.message()));
}

void service_manager::look(const bot::fleet_snapshot& snapshot) {
  if (!socket_.is_open()) return;
  if (!unsent_.empty()) send();
  if (!unsent_.empty()) return;
  unsent_ = notices_.look(snapshot, std::chrono::steady_clock::now());
  if (!unsent_.empty()) send();
}

net::task<> service_manager::watch(const bot::fleet_status& fleet) {
  while (socket_.is_open()) {
    const net::deadline next = unsent_.empty() ? notices_.next_look() : net::deadline_in(send_again_after);
    if (!co_await net::sleep_until(next)) co_return;
    look(fleet.snapshot());
  }
}

// Not by a connection: the manager may open its socket anew.
void service_manager::send() {
  boost::system::error_code problem;
  (void)socket_.send_to(net::asio::buffer(unsent_), manager_, 0, problem);
  if (!problem) unsent_.clear();
  if (problem && !deaf_)
    base::logger::root().warn("the service manager does not listen",
                              base::field("reason", problem.message()));
  deaf_ = static_cast<bool>(problem);
}

}  // namespace guildfleet::cli
