// The coroutine shell of one gateway connection: moves texts between a WebSocket and the protocol class,
// keeps its bounded outbox and its timers. Decides nothing. One reactor.
#pragma once

#include <memory>

#include "net/async_event.hpp"
#include "net/task_group.hpp"
#include "net/ws_connection.hpp"
#include "sim/gateway/gateway_connection.hpp"
#include "sim/gateway/transport_encoder.hpp"

namespace guildfleet::sim {

class gateway_link final : public connection_output {
 public:
  // `hub` outlives the link.
  gateway_link(net::asio::any_io_executor executor, gateway_hub& hub,
               std::unique_ptr<net::ws_connection> socket, connect_query query, std::uint64_t number);

  // Serves the connection until it ended. The writing half is spawned into `group`; both keep `link` alive.
  [[nodiscard]] static net::task<> serve(std::shared_ptr<gateway_link> link, net::task_group& group);

  void send(std::string_view json) override;
  void compress_payloads() override { encoder_.compress_payloads(); }
  void close(std::uint16_t code, std::string_view reason) override;
  void drop() override;
  void wake() override;
  [[nodiscard]] std::size_t queued_bytes() const override { return outbox_.size(); }
  void corrupt_next() override { encoder_.corrupt_next(); }
  void send_garbage() override;
  void throttle(std::size_t bytes_per_second) override { bytes_per_second_ = bytes_per_second; }
  void freeze() override;

 private:
  [[nodiscard]] static net::task<> write_loop(std::shared_ptr<gateway_link> link);
  [[nodiscard]] net::task<> read_loop();
  [[nodiscard]] net::task<bool> flush();
  [[nodiscard]] net::task<bool> flush_slowly();
  [[nodiscard]] net::deadline due() const;

  gateway_hub& hub_;
  std::unique_ptr<net::ws_connection> socket_;
  transport_encoder encoder_;
  std::string outbox_;   // whole frames, not yet given to the socket
  std::string sending_;  // given to the socket
  std::size_t bytes_per_second_ = 0;
  std::uint16_t close_code_ = 0;
  std::string close_reason_;
  bool dropped_ = false;
  bool frozen_ = false;
  bool reader_ended_ = false;
  net::async_event writer_event_;
  net::async_event reader_event_;  // for a reader that is frozen
  gateway_connection connection_;  // last: it speaks to the members above while it is destroyed
};

}  // namespace guildfleet::sim
