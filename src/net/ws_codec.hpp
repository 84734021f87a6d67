// RFC 6455 framing without I/O, for both roles. permessage-deflate is not offered: Discord compresses the
// transport itself.
//
// The decoder owns its buffer: the shell reads from the socket straight into prepare(), says commit(), and
// takes messages with next(). A message that lies in one frame is a view into that buffer, without a copy.
// Each object belongs to one connection, on one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guildfleet::net {

enum class ws_role { client, server };

enum class ws_opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10
};

// RFC 6455 section 7.4.1, the ones this program sends.
inline constexpr std::uint16_t ws_close_normal = 1000;
inline constexpr std::uint16_t ws_close_protocol_error = 1002;
inline constexpr std::uint16_t ws_close_invalid_payload = 1007;
inline constexpr std::uint16_t ws_close_too_large = 1009;

struct ws_event {
  ws_opcode kind = ws_opcode::text;  // text, binary, ping, pong or close
  std::string_view payload;          // of a close: the reason
  std::uint16_t close_code = 0;      // of a close: 0 when the frame had none (reported as 1005 by browsers)
};

// A violation; the shell sends `close_code` and drops the connection.
struct ws_violation {
  std::uint16_t close_code = ws_close_protocol_error;
  std::string_view what;
};

struct ws_limits {
  std::size_t max_message_bytes = 64U << 20U;
  std::size_t read_chunk_bytes = 64U << 10U;
};

class ws_decoder final {
 public:
  // Bytes behind every payload view that may be read (not written); simdjson needs 64.
  static constexpr std::size_t padding = 64;

  // `role` is our own: a client refuses masked frames, a server unmasked ones.
  ws_decoder(ws_role role, ws_limits limits);

  // Room for at least one byte more. Invalidates earlier views.
  [[nodiscard]] std::span<char> prepare();
  // `count` bytes of prepare() were filled.
  void commit(std::size_t count);

  // The next whole message or control frame; nullopt: more bytes are needed. Views live until prepare().
  // Text is valid UTF-8. After a violation or a close the decoder gives nothing more.
  [[nodiscard]] std::expected<std::optional<ws_event>, ws_violation> next();

  // Bytes of memory that the decoder holds now.
  [[nodiscard]] std::size_t memory() const;

 private:
  struct frame_header {
    ws_opcode opcode = ws_opcode::text;
    bool final_fragment = true;
    bool masked = false;
    std::uint32_t mask = 0;
    std::size_t size = 0;  // of the header
    std::size_t payload_size = 0;
  };
  template <class T>
  using outcome = std::expected<std::optional<T>, ws_violation>;

  [[nodiscard]] outcome<frame_header> read_header() const;
  [[nodiscard]] std::expected<void, ws_violation> check_header(const frame_header& header) const;
  [[nodiscard]] outcome<ws_event> take_frame(const frame_header& header, std::string_view payload);
  [[nodiscard]] outcome<ws_event> take_fragment(const frame_header& header, std::string_view payload);
  [[nodiscard]] outcome<ws_event> take_close(std::string_view payload);
  [[nodiscard]] std::size_t unread() const { return end_ - begin_; }
  void move_to(std::size_t capacity);

  ws_role role_;
  ws_limits limits_;
  std::unique_ptr<char[]> buffer_;  // capacity_ + padding bytes; absent until the first prepare()
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;        // first byte not yet taken
  std::size_t end_ = 0;          // behind the last byte received
  std::size_t wanted_ = 0;       // bytes that the frame at begin_ needs in all, when known
  std::size_t offered_ = 0;      // what prepare() gave last
  std::size_t target_capacity_;  // grows while reads fill it, shrinks while they do not
  unsigned small_reads_ = 0;     // in a row
  std::optional<ws_opcode> fragmented_kind_;
  std::string fragments_;
  std::vector<std::string> assembled_;  // joined messages whose views are still valid
  bool ended_ = false;
};

// Appends one frame. `mask` is given by clients (fresh and unpredictable for each frame, RFC 6455
// section 5.3) and absent for servers. Control payloads are at most 125 bytes: longer ones are a bug and are
// cut.
void ws_encode(std::string& out, ws_opcode opcode, std::string_view payload,
               std::optional<std::uint32_t> mask = std::nullopt, bool final_fragment = true);

// Payload of a close frame: the code in network order and a reason cut to 123 bytes at a code point.
[[nodiscard]] std::string ws_close_payload(std::uint16_t code, std::string_view reason);

// Codes that may stand in a close frame: 1000-1003, 1007-1014, 3000-4999 (RFC 6455 section 7.4).
[[nodiscard]] bool ws_close_code_valid(std::uint16_t code);

// Sec-WebSocket-Accept for a Sec-WebSocket-Key.
[[nodiscard]] std::string ws_accept_of(std::string_view key);

}  // namespace guildfleet::net
