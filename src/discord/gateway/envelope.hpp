// The outside of a gateway message: op, sequence, event name, and where the payload lies (protocol
// sheet 1.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "discord/gateway/error.hpp"

namespace guildfleet::discord {

struct envelope {
  int op = 0;
  std::optional<std::uint64_t> s;  // null unless op is 0
  std::string_view t;              // empty when null
  // The JSON text of the payload; empty when there is none. Has at least 64 readable bytes behind it because
  // it lies inside the padded message.
  std::string_view d;
};

// Bytes that must be readable behind a message (simdjson's requirement).
inline constexpr std::size_t message_padding = 64;

// A message that was kept: padded, and a view of it without the padding.
[[nodiscard]] std::string_view pad_message(std::string& message);

// `message` is one whole gateway message, followed by message_padding readable bytes. The views point into
// it.
//
// Looks only at the head when the keys stand in an order that Discord uses (op, s and t before d); the
// payload then is *not* validated: who reads it finds out. Every other layout goes through a whole parse. No
// allocation on the fast way. Errors: gateway_error::malformed_message.
[[nodiscard]] base::result<envelope> read_envelope(std::string_view message);

// The two halves of read_envelope, apart for the differential test. The scan gives nullopt when it cannot
// tell.
[[nodiscard]] std::optional<envelope> scan_envelope(std::string_view message) noexcept;
[[nodiscard]] base::result<envelope> parse_envelope(std::string_view message);

}  // namespace guildfleet::discord
