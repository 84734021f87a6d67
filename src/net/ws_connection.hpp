// A WebSocket over a byte stream.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/byte_stream.hpp"
#include "net/http_types.hpp"
#include "net/ws_codec.hpp"

namespace guildfleet::net {

// Why a connection ended: exactly one of the two is told by the fields.
struct ws_end {
  std::uint16_t close_code = 0;  // from the peer's close frame; 0: none came (TCP loss, 1006)
  std::string reason;
};

// Runs on one reactor. One coroutine pumps; any coroutine of that reactor may send.
class ws_connection final {
 public:
  // `stream` has finished its handshake; `leftover` are bytes that came behind it.
  ws_connection(std::unique_ptr<byte_stream> stream, ws_role role, ws_limits limits,
                std::string_view leftover);
  ~ws_connection();

  // Reads once from the stream and hands every whole text or binary message to `on_message`, whose payload is
  // followed by ws_decoder::padding readable bytes and lives until it returns. Pings are answered. A value
  // means go on; an error is net_error::closed after a close frame (see end()),
  // net_error::protocol_violation, ....
  // After one, call close(): it drains what the peer still sends, so that a reset does not overtake our close
  // frame.
  [[nodiscard]] task<base::result<void>> pump(const std::function<void(const ws_event&)>& on_message,
                                              deadline until);

  // Queues one message and writes; messages queued meanwhile go out together. Queue bound: 16 MiB, then
  // too_large.
  [[nodiscard]] task<base::result<void>> send(ws_opcode opcode, std::string_view payload, deadline until);
  // Server's fast path: bytes that are whole encoded frames already.
  [[nodiscard]] task<base::result<void>> send_encoded(std::string_view frames, deadline until);

  // Sends a close frame, waits for the peer's answer within `until`, and shuts the stream down.
  task<> close(std::uint16_t code, std::string_view reason, deadline until);
  // Breaks the connection without a close frame.
  void abort() noexcept;

  [[nodiscard]] const ws_end& end() const;

 private:
  struct impl;
  std::shared_ptr<impl> impl_;  // coroutines under way keep it when the connection is destroyed
};

// Connects and upgrades. `location` is ws:// or wss://; `tls` is used for wss. Extra fields go into the
// request.
[[nodiscard]] task<base::result<std::unique_ptr<ws_connection>>> ws_connect(url location, tls_context tls,
                                                                            http_fields fields,
                                                                            ws_limits limits, deadline until);

}  // namespace guildfleet::net
