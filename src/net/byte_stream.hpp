// A TCP connection with or without TLS; the only place that knows the difference.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <span>
#include <string>

#include "net/error.hpp"
#include "net/io.hpp"
#include "net/tls_context.hpp"

namespace guildfleet::net {

// Runs on one reactor. At most one read and one write are under way at a time. Destroying it closes the
// socket.
class byte_stream {
 public:
  virtual ~byte_stream() = default;

  // At least one byte, or net_error::closed at the peer's orderly end. After net_error::timed_out the stream
  // is whole and may be read again.
  [[nodiscard]] virtual task<base::result<std::size_t>> read_some(std::span<char> into, deadline until) = 0;
  // All bytes. After an error the stream is unusable.
  [[nodiscard]] virtual task<base::result<void>> write_all(std::string_view bytes, deadline until) = 0;
  // Says the end (TLS close_notify where it applies, then TCP's), waits for the peer's end so that what was
  // written last is not lost to a reset, and closes. Never waits longer than `until`.
  virtual task<> shut_down(deadline until) = 0;
  // Breaks the connection at once; operations under way end with net_error::cancelled.
  virtual void cancel() noexcept = 0;
  // Of a connection that waits to be used again: true when the peer has closed it or spoke unasked.
  [[nodiscard]] virtual bool unfit_for_reuse() { return false; }
};

struct connect_target {
  std::string host;
  std::uint16_t port = 0;
};

// Resolves and connects (each address in turn), TCP_NODELAY and keep-alive on; with `tls`, handshakes with
// SNI and checks the host name.
[[nodiscard]] task<base::result<std::unique_ptr<byte_stream>>> connect(connect_target target, tls_context tls,
                                                                       deadline until);

// Server side: wraps an accepted socket; with `tls`, handshakes first.
[[nodiscard]] task<base::result<std::unique_ptr<byte_stream>>> accept_stream(asio::ip::tcp::socket socket,
                                                                             tls_context tls, deadline until);

}  // namespace guildfleet::net
