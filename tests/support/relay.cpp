#include "support/relay.hpp"

#include <algorithm>
#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace guildfleet::support {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// The other side sees a reset, not an end.
void reset(const handle& socket) {
  const linger at_once{1, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace

relay::relay(std::uint16_t to)
    : to_(to),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"),
      wake_(::eventfd(0, EFD_CLOEXEC), "eventfd") {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), plain, size) != 0 || ::listen(listener_.get(), 64) != 0 ||
      ::getsockname(listener_.get(), plain, &size) != 0) {
    throw std::runtime_error("no port for a relay");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

relay::~relay() {
  tell(mode::ended);
  thread_.join();
}

void relay::tell(mode now) {
  mode_ = now;
  const std::uint64_t one = 1;
  if (::write(wake_.get(), &one, sizeof one) < 0) throw std::runtime_error("a relay cannot be told");
}

void relay::take(std::vector<pair_of_sockets>& pairs) const {
  const int taken = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
  if (taken < 0) return;
  auto client = std::make_unique<handle>(taken, "accept");
  auto server = std::make_unique<handle>(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  sockaddr_in address = loopback(to_);
  const bool refused = mode_ == mode::cut ||
                       ::connect(server->get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0;
  if (refused) {
    reset(*client);
    return;
  }
  pairs.push_back({std::move(client), std::move(server)});
}

bool relay::forward(const handle& from, const handle& to) {
  std::array<char, 16'384> buffer{};
  const ssize_t got = ::recv(from.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  return got > 0 && ::send(to.get(), buffer.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) == got;
}

void relay::run() {
  std::vector<pair_of_sockets> pairs;
  while (mode_ != mode::ended) {
    std::vector<pollfd> watched{{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    const bool open = mode_ == mode::open;
    for (const auto& each : pairs) {
      if (!open) break;
      watched.push_back({each.client->get(), POLLIN, 0});
      watched.push_back({each.server->get(), POLLIN, 0});
    }
    if (::poll(watched.data(), watched.size(), -1) < 0) continue;
    std::uint64_t told = 0;
    if (watched[0].revents != 0 && ::read(wake_.get(), &told, sizeof told) < 0) return;
    for (std::size_t i = 2; i + 1 < watched.size(); i += 2) {
      pair_of_sockets& each = pairs[(i - 2) / 2];
      const bool up = watched[i].revents == 0 || forward(*each.client, *each.server);
      const bool down = watched[i + 1].revents == 0 || forward(*each.server, *each.client);
      each.broken = !up || !down;
    }
    if (mode_ == mode::cut) {
      for (pair_of_sockets& each : pairs) {
        reset(*each.client);
        each.broken = true;
      }
    }
    std::erase_if(pairs, [](const auto& each) { return each.broken; });
    if (watched[1].revents != 0) take(pairs);
  }
}

}  // namespace guildfleet::support
