// A non-blocking socket whose waits have deadlines: what both kinds of byte_stream stand on. Private to net/.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "net/error.hpp"
#include "net/io.hpp"

namespace guildfleet::net {

// Runs on one reactor; at most one wait for reading and one for writing at a time. Transfers are plain system
// calls that never block; only when they say "not now" does a coroutine wait here. So a deadline costs
// nothing while data flows, and a wait that times out loses no data.
class stream_socket final : public std::enable_shared_from_this<stream_socket> {
 public:
  explicit stream_socket(asio::ip::tcp::socket socket);

  // Returns when the socket is worth another try.
  [[nodiscard]] task<base::result<void>> wait_readable(deadline until);
  [[nodiscard]] task<base::result<void>> wait_writable(deadline until);
  // Counts what was transferred without waiting, and after a fair share lets other coroutines run; also
  // notices cancellation of the calling coroutine and expiry of `until`.
  [[nodiscard]] task<base::result<void>> take_turn(std::size_t bytes, deadline until);

  // Waits under way, and all later ones, end with net_error::cancelled.
  void cancel() noexcept;
  [[nodiscard]] bool cancelled() const noexcept { return cancelled_; }
  void close() noexcept;
  void shut_down_sending() noexcept;
  // True when the peer has closed, or sent what nobody asked for, on an idle plain connection.
  [[nodiscard]] bool readable_now() const noexcept;
  [[nodiscard]] int native() noexcept { return socket_.native_handle(); }

 private:
  using wait_type = asio::ip::tcp::socket::wait_type;

  [[nodiscard]] task<base::result<void>> wait_for(wait_type type, deadline until);
  void arm_watchdog(deadline until);
  void on_watchdog();

  asio::ip::tcp::socket socket_;
  // One timer for all deadlines: it is armed for the earliest and looks again when it fires, so that a
  // deadline that moves on with every read needs no timer operation.
  asio::steady_timer watchdog_;
  deadline armed_until_ = no_deadline();
  deadline read_until_ = no_deadline();
  deadline write_until_ = no_deadline();
  std::size_t turn_bytes_ = 0;
  bool cancelled_ = false;
};

}  // namespace guildfleet::net
