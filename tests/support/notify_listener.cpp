#include "support/notify_listener.hpp"

#include <array>
#include <boost/asio/buffer.hpp>

#include "support/eventually.hpp"

namespace guildfleet::support {

notify_listener::notify_listener(std::string address) : address_(std::move(address)) {
  std::string bound = address_;
  if (bound.front() == '@') bound.front() = '\0';
  socket_.open();
  socket_.bind(bound);
  socket_.non_blocking(true);
}

std::string notify_listener::take() {
  std::array<char, 4'096> text{};
  boost::system::error_code none;
  const std::size_t size = socket_.receive(boost::asio::buffer(text), 0, none);
  if (none) return {};
  heard_.append(text.data(), size);
  return {text.data(), size};
}

bool notify_listener::hears(std::string_view text, std::chrono::milliseconds limit) {
  return eventually(limit, [&] {
    while (!take().empty()) {
    }
    return heard_.contains(text);
  });
}

}  // namespace guildfleet::support
