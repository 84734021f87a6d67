// The control API of the simulator under /_sim/ (docs/simulator.md): what members do, faults, load, and the
// report. One reactor, the world's.
#pragma once

#include "net/async_event.hpp"
#include "net/io.hpp"
#include "sim/control/fault_desk.hpp"
#include "sim/traffic/feed_desk.hpp"
#include "sim/traffic/traffic_generator.hpp"
#include "sim/world/member_actions.hpp"

namespace guildfleet::sim {

// What the control API reaches; all outlive it.
struct control_reach {
  world& owner;
  member_actions& members;
  gateway_hub& hub;
  rest_api& rest;
  feed_desk& feeds;
  traffic_generator& traffic;
  fault_desk& faults;
  std::function<void()> shut_down;  // asked for by POST /_sim/shutdown
};

class control_api final {
 public:
  control_api(net::asio::any_io_executor executor, control_reach reach);

  // Any request whose path begins with /_sim/. Waits up to the request's `wait` milliseconds.
  [[nodiscard]] net::task<net::http_response> handle(net::http_request request);

 private:
  using answer = std::expected<boost::json::value, std::string>;
  [[nodiscard]] answer get(const net::http_request& request) const;
  // nullopt: no such path.
  [[nodiscard]] std::optional<answer> post_member(std::string_view what, const arguments& args);
  [[nodiscard]] std::optional<answer> post_load(std::string_view what, const arguments& args);
  [[nodiscard]] std::optional<base::result<id>> interact(std::string_view what, const arguments& args);
  [[nodiscard]] net::task<answer> interact_and_wait(base::result<id> interaction,
                                                    std::chrono::milliseconds wait);
  [[nodiscard]] net::task<answer> feed_and_wait(const arguments& args);
  [[nodiscard]] boost::json::object report() const;
  [[nodiscard]] boost::json::array bots() const;
  void wake_waiting();

  net::asio::any_io_executor executor_;
  control_reach reach_;
  std::vector<std::weak_ptr<net::async_event>> waiting_;  // for an interaction's answer or a feed's end
};

}  // namespace guildfleet::sim
