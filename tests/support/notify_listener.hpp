// Stands in for a service manager: the socket that NOTIFY_SOCKET names (sd_notify(3)).
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <chrono>
#include <string>
#include <string_view>

namespace guildfleet::support {

class notify_listener final {
 public:
  // A path that is free, or @ and an abstract name.
  explicit notify_listener(std::string address);

  [[nodiscard]] const std::string& address() const { return address_; }
  // The oldest message that was not taken yet; empty: there is none. Never waits.
  std::string take();
  // True as soon as all messages together hold this text; false when they do not within `limit`.
  [[nodiscard]] bool hears(std::string_view text, std::chrono::milliseconds limit);
  // All that was taken, in order.
  [[nodiscard]] const std::string& heard() const { return heard_; }

 private:
  std::string address_;
  boost::asio::io_context context_{1};
  boost::asio::local::datagram_protocol::socket socket_{context_};
  std::string heard_;
};

}  // namespace guildfleet::support
