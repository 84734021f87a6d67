// Transport compression of the gateway (protocol sheet 1.13).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "discord/gateway/error.hpp"

namespace guildfleet::discord {

enum class compression : std::uint8_t { none, zlib_stream, zstd_stream };

// "zlib-stream"; empty for none.
[[nodiscard]] std::string_view query_value_of(compression kind);

struct inflate_limits {
  std::size_t max_message_bytes = 64U << 20U;  // of one decompressed message
};

// One per connection; holds the decompression context and the buffer of the current message. One thread.
class inflater {
 public:
  virtual ~inflater() = default;

  // `ws_message` is the payload of one WebSocket message; for compression::none it must have 64 readable
  // bytes behind it, and the answer is a view of it. The answer is one whole gateway message with 64 readable
  // bytes behind it, valid until the next call; nullopt when the message is not complete yet. Errors:
  // corrupt_compression, message_too_large. After an error the connection is lost: call reset().
  [[nodiscard]] virtual base::result<std::optional<std::string_view>> feed(std::string_view ws_message) = 0;

  // A new connection begins: a new context in the same memory.
  virtual void reset() = 0;

  // Nothing is expected soon: the buffer's memory is given back, unless a message has come in part. The last
  // answer ends.
  virtual void rest() = 0;

  // Bytes that the buffer for messages takes now (without the library's window).
  [[nodiscard]] virtual std::size_t buffer_bytes() const = 0;
};

[[nodiscard]] std::unique_ptr<inflater> make_inflater(compression kind, inflate_limits limits = {});

}  // namespace guildfleet::discord
