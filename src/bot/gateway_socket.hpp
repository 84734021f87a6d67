// The WebSocket of one shard: opens, reads, sends and closes; decides nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/secret.hpp"
#include "net/task_group.hpp"
#include "net/ws_connection.hpp"

namespace guildfleet::bot {

class socket_events {
 public:
  virtual ~socket_events() = default;
  virtual void on_socket_open() = 0;
  virtual void on_socket_failed(const std::string& reason) = 0;
  // A text or binary message; its payload has ws_decoder::padding readable bytes behind it.
  virtual void on_socket_message(const net::ws_event& message) = 0;
  // After the messages of one read.
  virtual void on_socket_batch_end() = 0;
  // Code 0: the connection broke.
  virtual void on_socket_closed(std::uint16_t code, const std::string& reason) = 0;
};

// Lives on the shard's reactor; its coroutines are members of `tasks`, which must be joined before it goes.
class gateway_socket final {
 public:
  gateway_socket(socket_events& events, net::task_group& tasks, net::tls_context tls);

  // Begins to connect. No connection may be open.
  void open(std::string url, std::chrono::milliseconds timeout);
  // False: it could not be sent; the end of the connection is told by an event.
  net::task<bool> send(base::secret payload);
  // Forgets the connection: no event of it comes any more. The closing handshake goes on behind.
  void close(std::uint16_t code, std::string reason);

 private:
  using connection = std::shared_ptr<net::ws_connection>;

  net::task<> connect_and_read(std::string url, net::deadline until, std::uint64_t generation);
  net::task<> read(connection socket, std::uint64_t generation);
  static net::task<> close_quietly(connection socket, std::uint16_t code, std::string reason);

  socket_events& events_;
  net::task_group& tasks_;
  net::tls_context tls_;
  connection socket_;
  std::uint64_t generation_ = 0;  // of the connection that events may come from
};

}  // namespace guildfleet::bot
