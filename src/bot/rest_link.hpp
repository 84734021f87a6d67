// A bot's REST client from any of its shards' reactors.
#pragma once

#include <memory>

#include "bot/rest_client.hpp"
#include "bot/write_permit.hpp"
#include "net/on_reactor.hpp"

namespace guildfleet::bot {

// Cheap to copy. The client lives on `home`, which must run as long as calls are made.
class rest_link final {
 public:
  rest_link(net::asio::any_io_executor home, rest_client& client)
      : home_(std::move(home)), client_(&client) {}

  // As rest_client::request; `permit` is read right before the request is written, absent for interactions.
  [[nodiscard]] net::task<base::result<rest_response>> request(
      discord::request what, std::shared_ptr<const write_permit> permit) const {
    co_return co_await net::on_reactor(home_, client_->request(std::move(what), std::move(permit)));
  }

  // As rest_client::known_limits.
  [[nodiscard]] net::task<discord::known_limits> known_limits() const {
    return net::on_reactor(home_, ask(client_));
  }

 private:
  static net::task<discord::known_limits> ask(const rest_client* client) { co_return client->known_limits(); }

  net::asio::any_io_executor home_;
  rest_client* client_;
};

}  // namespace guildfleet::bot
